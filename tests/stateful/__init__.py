"""Long histories that nobody has thought of, made up by Hypothesis, and compared step by step with a model.

The sale, over HTTP:
    requests.py       what is asked and answered, in words that model and services share
    model.py          the sale as it should be, pure; reads like the specification
    door.py           the services in the model's words
    clock.py          a clock that stands still until it is moved
    box_office.py     the services, their database and that clock
    sale_machine.py   the rules: what may happen next

A history that goes wrong is made shorter and printed as a program. More histories, by chance instead of the same ones:

    pytest tests/stateful --histories 2000
"""
