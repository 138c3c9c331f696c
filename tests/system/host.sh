#!/bin/sh
# The inside of the agency's server: a /dev, /run and user list of its own, then rsyslogd and sshd.
# Run in a mount namespace of its own; $1 is the lab's folder.
set -eu
lab=$1
mount --make-rprivate /

# A /dev of our own, so that /dev/log is ours alone.
mkdir "$lab/dev"
mount -t tmpfs -o mode=755 tmpfs "$lab/dev"
for node in null zero full random urandom tty; do
    touch "$lab/dev/$node"
    mount --bind "/dev/$node" "$lab/dev/$node"
done
mkdir "$lab/dev/pts" "$lab/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$lab/dev/pts"
ln -s pts/ptmx "$lab/dev/ptmx"
ln -s /proc/self/fd "$lab/dev/fd"
mount --rbind "$lab/dev" /dev

mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd
mount --bind "$lab/etc/passwd" /etc/passwd
chmod 640 "$lab/etc/shadow"
mount --bind "$lab/etc/shadow" /etc/shadow

rsyslogd -n -f "$lab/etc/rsyslog.conf" -i "$lab/rsyslogd.pid" &
while [ ! -S /dev/log ]; do sleep 0.1; done
/usr/sbin/sshd -D -f "$lab/etc/sshd_config" &
while ! ss -ltn | grep -q ':22 '; do sleep 0.1; done
touch "$lab/ready"
wait
