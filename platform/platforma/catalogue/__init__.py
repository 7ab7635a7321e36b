"""The catalogue: domain and storage of platforms, records and initiatives; knows neither Flask nor the web."""
