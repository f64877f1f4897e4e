"""The LINE platform, simulated on this machine.

The sandbox knows LINE and nothing of the product: no module in here imports
anything from elsewhere in ``bot``, and nothing elsewhere imports the sandbox.
It meets the product where LINE would, over HTTP.
"""
