#!/bin/sh
# enter.sh FOLDER USER HASH STATE COMMAND...: becomes a command that sees an /etc of its own, which nobody else sees and which
# goes with it. There the user has a password of this hash, if it is not empty, which is `expired` if STATE says so.
# It is called in a mount namespace of its own.
set -eu
folder=$1 user=$2 hash=$3 state=$4
shift 4
# An upper layer cannot lie on another overlay, as /tmp does in some containers.
mount -t tmpfs -o mode=0700 door "$folder/etc"
upper=$folder/etc/upper
mkdir -m 0755 "$upper" "$folder/etc/work" "$upper/pam.d"
# Others who make users put new files there meanwhile.
cp -p /etc/passwd /etc/group /etc/shadow /etc/gshadow "$upper"
cp "$folder/pam" "$upper/pam.d/sshd"
# By hand: usermod would wait for locks of those others, which an overlay shows even when they are gone.
awk -F: -v OFS=: -v user="$user" -v hash="$hash" -v state="$state" '
  $1 == user && hash != "" { $2 = hash }
  $1 == user && state == "expired" { $3 = 0 }
  { print }
' "$upper/shadow" >"$folder/etc/shadow"
cat "$folder/etc/shadow" >"$upper/shadow"
mount -t overlay -o "lowerdir=/etc,upperdir=$upper,workdir=$folder/etc/work" door /etc
exec "$@"
