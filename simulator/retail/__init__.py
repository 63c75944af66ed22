"""prices.azure.com: the public price list. Every price in it is this simulator's own fiction."""
