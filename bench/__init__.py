"""How fast KISI is: real servers, real databases, and clients that speak as a browser does."""
