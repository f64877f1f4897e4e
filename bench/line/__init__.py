"""A fast stand-in for LINE: few endpoints, tokens that work once, retry keys, faults on demand.

The sandbox is the faithful LINE; this one costs so little that it does not disturb a measurement.
"""
