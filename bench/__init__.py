"""Benchmarks: figures as ratios against rivals, measured side by side in one run."""
