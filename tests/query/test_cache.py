from icgraph.query.cache import KeptResult, ResultCache


def result(size: int, name: str = "") -> KeptResult:
    return KeptResult(1, "text/csv", (name or "x").encode() * size, 0)


def test_a_kept_result_is_found_again() -> None:
    cache = ResultCache(100_000)
    cache.put("a", result(10))
    assert cache.get("a") == result(10)
    assert cache.get("b") is None


def test_the_least_recently_wanted_result_goes_first() -> None:
    cache = ResultCache(13_000)
    for key in "abcdefgh":
        cache.put(key, result(1000))
    assert cache.get("a")
    cache.put("i", result(1000))
    assert cache.get("a")
    assert cache.get("b") is None


def test_the_bound_holds_whatever_is_put() -> None:
    cache = ResultCache(20_000)
    for number in range(200):
        cache.put(str(number % 50), result(number * 10))
        assert cache.size()[1] <= 20_000


def test_a_result_too_large_to_share_the_room_is_not_kept() -> None:
    cache = ResultCache(80_000)
    cache.put("large", result(10_000))
    assert cache.get("large") is None


def test_a_result_put_again_counts_once() -> None:
    cache = ResultCache(100_000)
    for _ in range(5):
        cache.put("a", result(100))
    assert cache.size() == (1, 100 + 512)
