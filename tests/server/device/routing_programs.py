"""Classes whose routes must come out right, whatever their names and parents do."""

from ehttpserver import Response, Server, route


class _Program(Server):
    def __init__(self, ledger, files):
        super().__init__()


class TakenOverFirst(_Program):
    """The first decorated handler loses its name to a plain method."""

    @route("/taken")
    def _list(self, path, query_params, headers, body):
        return self._list(path, query_params, headers, body)

    @route("/other")
    def _other(self, path, query_params, headers, body):
        return Response("other")

    def _list(self, path, query_params, headers, body):
        return Response("plain method")


class TakenOverMiddle(_Program):
    @route("/first")
    def _first(self, path, query_params, headers, body):
        return Response("first")

    @route("/taken")
    def _list(self, path, query_params, headers, body):
        return self._list(path, query_params, headers, body)

    def _list(self, path, query_params, headers, body):
        return Response("plain method")

    @route("/last")
    def _last(self, path, query_params, headers, body):
        return Response("last")


class TakenOverLast(_Program):
    @route("/other")
    def _other(self, path, query_params, headers, body):
        return Response("other")

    @route("/taken")
    def _list(self, path, query_params, headers, body):
        return self._list(path, query_params, headers, body)

    def _list(self, path, query_params, headers, body):
        return Response("plain method")


class TakenOverOnly(_Program):
    @route("/taken")
    def _list_only(self, path, query_params, headers, body):
        return self._list_only(path, query_params, headers, body)

    def _list_only(self, path, query_params, headers, body):
        return Response("plain method")


class TakenOverByRoute(_Program):
    """Two decorated handlers of one name: both paths are routed.

    That holds between handlers that the class still has. At the edge of a class the first of the
    two looks like the last handler of an unrelated class that was defined just before and has one
    of that name; keeping the classes apart matters more.
    """

    @route("/before")
    def _before(self, path, query_params, headers, body):
        return Response("before")

    @route("/one")
    def _handle(self, path, query_params, headers, body):
        return Response("one")

    @route("/two")
    def _handle(self, path, query_params, headers, body):
        return Response("two")


class TakenOverTwice(_Program):
    """Two handlers lose their names to plain methods."""

    @route("/one")
    def _one(self, path, query_params, headers, body):
        return self._one()

    def _one(self):
        return Response("plain one")

    @route("/two")
    def _two(self, path, query_params, headers, body):
        return self._two()

    def _two(self):
        return Response("plain two")


class Parent(_Program):
    @route("/inherited")
    def _inherited(self, path, query_params, headers, body):
        return Response("inherited")

    @route("/overridden")
    def _overridden(self, path, query_params, headers, body):
        return Response("parent's")

    @route("/extended")
    def _extended(self, path, query_params, headers, body):
        return Response("parent's")

    @route("/moved")
    def _moved(self, path, query_params, headers, body):
        return Response("parent's")


class Child(Parent):
    def _overridden(self, path, query_params, headers, body):
        return Response("child's")

    def _extended(self, path, query_params, headers, body):
        response = super()._extended(path, query_params, headers, body)
        return Response("child's, after %d" % response.status_code)

    @route("/added")
    def _added(self, path, query_params, headers, body):
        return Response("added")


class Grandchild(Child):
    def _overridden(self, path, query_params, headers, body):
        return Response("grandchild's")


class Childless(Parent):
    pass


class OtherChild(Parent):
    """Its own route for a path of its parent comes first."""

    @route("/moved")
    def _moved_here(self, path, query_params, headers, body):
        return Response("other child's")


class Mixin:
    @route("/mixed-in")
    def _mixed_in(self, path, query_params, headers, body):
        return Response("mixed in")


class Mixed(Mixin, Parent):
    pass


class SameNames(_Program):
    """Handlers with the names of those above, in an unrelated class."""

    @route("/same")
    def _list(self, path, query_params, headers, body):
        return Response("same")

    @route("/same-inherited")
    def _inherited(self, path, query_params, headers, body):
        return Response("same inherited")


class Secretive(_Program):
    """The only handler of a server, between two servers that have a plain method of its name."""

    @route("/secret")
    def _secret(self, path, query_params, headers, body):
        return Response("secret")


class Before(_Program):
    @route("/open")
    def _open_first(self, path, query_params, headers, body):
        return Response("open first")

    def _secret(self, path, query_params, headers, body):
        return Response("not to be asked for")


class Unrouted(_Program):
    """Plain methods with the names of handlers of other servers, and none of its own."""

    def _secret(self, path, query_params, headers, body):
        return Response("not to be asked for")

    def _list(self, path, query_params, headers, body):
        return Response("not to be asked for")


class TakenOverEdge(_Program):
    """The last handler loses its name to a plain method; the next class has a handler so named."""

    @route("/edge")
    def _edge(self, path, query_params, headers, body):
        return self._edge()

    def _edge(self):
        return Response("edge")


class AfterEdge(_Program):
    @route("/other-edge")
    def _edge(self, path, query_params, headers, body):
        return Response("other edge")


class Empty(_Program):
    """No routes at all."""


def _make(text):
    class Made(_Program):
        @route("/made")
        def _handle(self, path, query_params, headers, body):
            return Response(text)

    return Made


MadeFirst = _make("first made")
MadeSecond = _make("second made")


class Precedence(_Program):
    """The first route that matches answers."""

    @route("/item/special")
    def _special(self, path, query_params, headers, body):
        return Response("special")

    @route("/item/(.*)")
    def _item(self, path, query_params, headers, body):
        return Response("item")
