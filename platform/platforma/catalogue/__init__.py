"""The catalogue: domain and storage of platforms, records and initiatives, a folder for each noun.

It knows neither mails nor the web.
"""
