"""The benchmark: `python -m bench` measures the built site in a real Chromium and writes bench/REPORT.md."""
