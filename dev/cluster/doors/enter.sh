#!/bin/sh
# enter.sh FOLDER USER SHADOW COMMAND...: becomes a command that sees an /etc of its own, which nobody else sees and which
# goes with it. SHADOW is what usermod and chage are to know of the user's password: its hash, and `expired` or nothing.
# It is called in a mount namespace of its own.
set -eu
folder=$1 user=$2 hash=$3 state=$4
shift 4
# An upper layer cannot lie on another overlay, as /tmp does in some containers.
mount -t tmpfs -o mode=0700 door "$folder/etc"
mkdir -m 0755 "$folder/etc/upper" "$folder/etc/work" "$folder/etc/upper/pam.d"
# Others who make users put new files there meanwhile.
cp -p /etc/passwd /etc/group /etc/shadow /etc/gshadow "$folder/etc/upper"
cp "$folder/pam" "$folder/etc/upper/pam.d/sshd"
mount -t overlay -o "lowerdir=/etc,upperdir=$folder/etc/upper,workdir=$folder/etc/work" door /etc
if [ -n "$hash" ]; then usermod --password "$hash" "$user"; fi
if [ "$state" = expired ]; then chage --lastday 0 "$user"; fi
exec "$@"
