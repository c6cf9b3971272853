"""Answers as data frames of the libraries that people have beside their trainers."""

import importlib.util
import unittest

import vramcast

JOB = {"model": {"id": "llama-3.1-8b"}, "method": "qlora"}


class TestFrames(unittest.TestCase):
    def test_a_list_is_a_frame_of_pandas_with_a_row_for_each_record(self):
        cards = vramcast.gpus("24GB..48GB")
        frame = cards.to_pandas()

        self.assertEqual(len(frame), len(cards.gpus))
        self.assertEqual(list(frame["name"]), [card.name for card in cards.gpus])

    def test_a_list_within_an_answer_is_named_by_its_path(self):
        frame = vramcast.estimate(JOB).to_pandas("life.episodes")

        self.assertGreater(len(frame), 1)
        self.assertIn("episode", frame.columns)

    def test_rows_of_a_sweep_are_a_frame(self):
        swept = vramcast.sweep({"models": ["llama-3.1-8b"], "gpus": ["L4", "H100"]}, offline=True)

        self.assertEqual(len(swept.to_pandas()), len(swept.rows))

    @unittest.skipUnless(importlib.util.find_spec("polars"), "polars is not installed")
    def test_a_list_is_a_frame_of_polars(self):
        cards = vramcast.gpus("24GB..48GB")

        self.assertEqual(cards.to_polars().height, len(cards.gpus))


if __name__ == "__main__":
    unittest.main()
