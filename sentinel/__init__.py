r"""Sentinel: a log line becomes a warning.

    collect -> journal -> normalise -> detect -> score -> alert -> warn
                              \-> store

* A **collector** (`collectors/`, found by entry point) cuts what arrives into records and
  hands them to a sink. It knows nothing of agencies, rules or stores.
* The **journal** keeps every record, in order, on disk, before anybody is told "received".
  A record's place in it names its event for ever: a replay gives the same ids.
* **normalise** reads a record and says what it means, in ECS field names. What it cannot read
  it keeps raw, tagged and counted.
* **detect** holds Sigma rules against events, one by one and in windows of time.
* **score** says how bad a detection is, 0-100, and gives each point a reason in words.
* **alert** groups detections of one cause at one agency and gives the group a life.
* **warn** turns an alert into a numbered message, a row a recipient, and sends it.
* The **store** keeps every event with its raw line, to be found again.

Who may import whom, from the rim to the heart (import-linter holds it, `pyproject.toml`):

    cli > service, web > assembly > wiring > pipeline, desk, store > stages > ports, settings
        > model, resources, documents, i18n > errors

Stages do not see each other; `pipeline` alone knows their order, `wiring` and `assembly` choose
implementations, `desk` is what people do (acknowledge, close, approve). The inside (model,
normalise, detect, score, alert) takes values and returns values: time, chance and the network
are arguments.
"""
