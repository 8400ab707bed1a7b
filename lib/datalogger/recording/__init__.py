"""From samples to recordings on the drive, and who may write it."""
