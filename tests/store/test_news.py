import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from icgraph.store.changes import Change
from icgraph.store.home import open_home
from icgraph.store.log import open_log
from icgraph.store.news import News, tell_news


def seconds_of_waiting(news: News, seconds: float) -> float:
    began = time.monotonic()
    news.wait(seconds)
    return time.monotonic() - began


def test_who_waits_hears_of_news_at_once(tmp_path: Path) -> None:
    with closing(News(tmp_path)) as news:
        threading.Timer(0.1, tell_news, [tmp_path]).start()
        assert seconds_of_waiting(news, 20) < 10


def test_news_are_heard_once(tmp_path: Path) -> None:
    with closing(News(tmp_path)) as news:
        for _ in range(3):
            tell_news(tmp_path)
        news.wait(20)
        assert seconds_of_waiting(news, 0.05) >= 0.05


def test_telling_nobody_is_no_error(tmp_path: Path) -> None:
    tell_news(tmp_path)
    News(tmp_path).close()
    tell_news(tmp_path)


def test_more_news_than_anybody_hears_hold_up_nobody(tmp_path: Path) -> None:
    with closing(News(tmp_path)):
        for _ in range(70_000):
            tell_news(tmp_path)


def test_a_recorded_change_is_news(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    with closing(News(home.run)) as news, closing(open_log(home.log, None)) as log:
        moment = datetime(2026, 11, 21, tzinfo=UTC)
        log.append(Change("tester", "nothing", frozenset()), after=0, time=moment)
        assert seconds_of_waiting(news, 20) < 10
