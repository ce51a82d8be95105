#!/bin/sh
# enter.sh HOST FOLDER COMMAND...: becomes a command on a host of the cluster: with its name, with the names of all hosts in an
# /etc/hosts that the machine does not see, and with a folder for temporary files that other hosts do not see.
# It is called in a network namespace, a UTS namespace and a mount namespace of the host's.
set -eu
host=$1 folder=$2
shift 2
hostname "$host"
mount --bind "$folder/hosts" /etc/hosts
mount --bind "$folder/on/$host/tmp" "$folder/tmp"
exec "$@"
