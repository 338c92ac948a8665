"""A network compared with simpler classifiers while it trains: what they explain of it, in numbers, words and charts.

Studies whose trajectory is a `compared.Compared` share all of it, whatever was trained and however many classes it has.
"""
