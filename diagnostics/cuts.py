"""Small cuts of a graph: the sets of respondents that two one-way tables give away by subtraction.

Two published one-way tables (by school and by subject, say) are a bipartite graph: the groups are the
nodes, the respondents of a school and a subject are the weight of the edge between them. Every figure that
follows from the two tables by adding and subtracting is a sum over the edges that leave some set of nodes,
so it speaks of fewer than k people exactly when the graph has a cut lighter than k. A bridge (D. Gusfield,
"A graph theoretic approach to statistical data security", SIAM J. Comput. 17, 1988) is the case of one edge.
"""

import heapq

Graph = dict[int, dict[int, int]]


def small_cut(graph: Graph, limit: int) -> set[int] | None:
    """One side of a cut that is lighter than `limit`, or None when every component holds together.

    Nagamochi and Ibaraki: a maximum adjacency order gives for each edge a lower bound of the cut between
    its ends; edges with a bound of at least `limit` are contracted; the last node of the order is
    cut off from the one before it by its own degree, so each round finds a cut or contracts an edge.
    """
    graph = {node: dict(edges) for node, edges in graph.items()}
    members = {node: {node} for node in graph}
    while len(graph) > 1:
        merge = []
        for last, bound, firm in _adjacency_orders(graph, limit):
            if 0 < bound < limit:
                return members[last]
            merge += firm
        if not merge:
            return None
        _contract(graph, members, merge)
    return None


def _adjacency_orders(graph: Graph, limit: int) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """A component each: its last node in maximum adjacency order, that node's degree, edges to contract."""
    rest, orders = set(graph), []
    while rest:
        start = min(rest)
        weight, heap, last, firm = {start: 0}, [(0, start)], start, []
        while heap:
            _, node = heapq.heappop(heap)
            if node not in rest:
                continue
            rest.discard(node)
            last = node
            for other, w in graph[node].items():
                if other in rest:
                    weight[other] = weight.get(other, 0) + w
                    heapq.heappush(heap, (-weight[other], other))
                    if weight[other] >= limit:
                        firm.append((node, other))
        orders.append((last, sum(graph[last].values()), firm))
    return orders


def _contract(graph: Graph, members: dict[int, set[int]], pairs: list[tuple[int, int]]) -> None:
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while node in parent:
            node = parent[node]
        return node

    for a, b in pairs:
        a, b = root(a), root(b)
        if a == b:
            continue
        if len(graph[a]) < len(graph[b]):
            a, b = b, a
        parent[b] = a
        members[a] |= members.pop(b)
        for other, w in graph.pop(b).items():
            del graph[other][b]
            if other != a:
                graph[a][other] = graph[other][a] = graph[a].get(other, 0) + w
