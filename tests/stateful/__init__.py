"""Long histories that nobody has thought of, made up by Hypothesis, and compared step by step with a model.

The sale, over HTTP:
    requests.py       what is asked and answered, in words that model and services share
    model.py          the sale as it should be, pure; reads like the specification
    model_check_in.py the same for the door of the event
    model_state.py    what both remember
    door.py           the services in the model's words
    small_numbers.py  the same numbers for both
    clock.py          a clock that stands still until it is moved
    box_office.py     the services, their database and that clock
    sale_machine.py   the rules: what may happen next
    choices.py        what a rule can choose from
    one_history.py    a history that is written down, and meets every kind of answer

The live map, as its viewers hear it:
    live_modes.py     what a client does, per mode of the protocol; another mode is one more entry
    live_viewer.py    one viewer on an in-process socket, who may stop reading
    live_instances.py two instances, and a network that loses, repeats, delays and reorders their news
    live_stage.py     the seats, and a transaction that takes its time
    live_machine.py   the rules

A history that goes wrong is made shorter and printed as a program. More histories, by chance instead of the same ones:

    pytest tests/stateful --histories 2000
"""
