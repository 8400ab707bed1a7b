"""Models of sensor chips as their registers behave, after their datasheets. A module's attach()
gives (bus, chip) for each chip that an item of the condition `sensors` stands for; PIN is where it
hangs when the item names no pin."""
