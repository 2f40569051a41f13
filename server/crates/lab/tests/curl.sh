#!/bin/sh
# The procedure of the NITRO reference, section 4.3, typed by hand with curl alone.
# Wants LAB_HTTP, LAB_CONTROL and LAB_PASSWORD; stops at the first answer that is not as printed there.
set -eu

api="$LAB_HTTP/nitro/v1/config"
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
token=none

# want STATUS METHOD PATH [BODY]: the body of the answer is in $answer afterwards.
want() {
    expected=$1 method=$2 path=$3
    shift 3
    if [ $# -gt 0 ]; then
        set -- -H 'Content-Type: application/json' -d "$1"
    fi
    status=$(curl --silent --show-error --noproxy '*' --max-time 20 -o "$answer" -w '%{http_code}' \
        -X "$method" -H "Cookie: NITRO_AUTH_TOKEN=$token" "$@" "$api/$path")
    if [ "$status" != "$expected" ]; then
        echo "$method $path: expected $expected, got $status: $(cat "$answer")" >&2
        exit 1
    fi
}

# wrote STATUS METHOD PATH BODY: a write that worked has an empty body.
wrote() {
    want "$@"
    if [ -s "$answer" ]; then
        echo "$2 $3: unexpected body: $(cat "$answer")" >&2
        exit 1
    fi
}

# says TEXT: the last answer contains it, blanks and all.
says() {
    if ! grep -qF -- "$1" "$answer"; then
        echo "expected $1 in: $(cat "$answer")" >&2
        exit 1
    fi
}

# wait_for MS: moves the lab's clock; answers when all that was due is done.
wait_for() {
    curl --silent --show-error --fail --noproxy '*' --max-time 20 -o /dev/null -X POST \
        -H 'Content-Type: application/json' -d "{\"advance_ms\":$1}" "$LAB_CONTROL/clock"
}

want 401 GET nsversion
want 401 POST login '{"login":{"username":"nsroot","password":"wrong"}}'
says '"errorcode": 354'
want 201 POST login "{\"login\":{\"username\":\"nsroot\",\"password\":\"$LAB_PASSWORD\"}}"
token=$(sed 's/.*"sessionid": "\([^"]*\)".*/\1/' "$answer")
want 200 GET nsversion
says '"version": "NetScaler NS'
want 200 GET hanode/0
says '"state": "Primary"'

wrote 200 POST 'nsfeature?action=enable' '{"nsfeature":{"feature":["LB","SSL","SSLVPN"]}}'
wrote 201 POST server '{"server":{"name":"xms01","ipaddress":"10.20.30.11"}}'
wrote 201 POST server '{"server":{"name":"xms02","ipaddress":"10.20.30.12"}}'
wrote 201 POST server '{"server":{"name":"xms03","ipaddress":"10.20.30.13"}}'
want 409 POST server '{"server":{"name":"xms03","ipaddress":"10.20.30.13"}}'
says '{ "errorcode": 273, "message": "Resource already exists [name, xms03]", "severity": "ERROR" }'

vs=_XM_LB_MDM_xms.example.com_10.20.40.51_443
sg=sg_xm_mdm_443
wrote 201 POST servicegroup "{\"servicegroup\":{\"servicegroupname\":\"$sg\",\"servicetype\":\"SSL_BRIDGE\"}}"
for server in xms01 xms02 xms03; do
    wrote 201 PUT servicegroup_servicegroupmember_binding \
        "{\"servicegroup_servicegroupmember_binding\":{\"servicegroupname\":\"$sg\",\"servername\":\"$server\",\"port\":443}}"
done
wrote 201 POST lbvserver "{\"lbvserver\":{\"name\":\"$vs\",\"servicetype\":\"SSL_BRIDGE\",\"ipv46\":\"10.20.40.51\",\"port\":443,\"persistencetype\":\"SOURCEIP\",\"timeout\":20}}"
wrote 201 PUT lbvserver_servicegroup_binding \
    "{\"lbvserver_servicegroup_binding\":{\"name\":\"$vs\",\"servicegroupname\":\"$sg\"}}"

want 200 GET "lbvserver/$vs"
says '"curstate": "DOWN"'
wait_for 5000
want 200 GET "lbvserver/$vs"
says '"curstate": "UP"'
says '"health": "100"'
says '"activeservices": "3"'
says '"persistencetype": "SOURCEIP", "timeout": 20'
want 200 GET "servicegroup_servicegroupmember_binding/$sg?filter=servername:xms02"
says '"ip": "10.20.30.12"'
says '"svrstate": "UP"'
says '"port": 443'

want 200 GET nsconfig
says '"configchanged": true'
wrote 200 POST 'nsconfig?action=save' '{"nsconfig":{}}'
want 200 GET nsconfig
says '"configchanged": false'
wrote 201 POST logout '{"logout":{}}'
want 401 GET nsversion
says '"errorcode": 444'
