"""`sentinel demo`: the real service, three made-up agencies, and a recorded incident played to it.

    incident.yml --player--> syslog input ... the service as always ... --SMTP--> mailbox

Everything between the player and the mailbox is what `sentinel run` runs. The player sends over
loopback, the mailbox is a mail server on loopback with a page that shows what the agencies get.
"""
