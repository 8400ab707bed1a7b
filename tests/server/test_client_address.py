"""Who sent the request that is being handled."""

from .cases import get
from .client import Client
from .test_contract import settle


def test_the_address_of_each_client(bench):
    with Client(bench) as one, Client(bench) as another:
        for client in (one, another, one):
            answer = client.request(get("/client"))
            assert answer.status == 200
            assert answer.body == b"127.0.0.1"
    settle(bench)
