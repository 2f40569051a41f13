#!/bin/sh
# The procedure of the NITRO reference, sections 4.2 to 4.4, typed by hand with curl alone: look, apply, tear down.
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

# wrote STATUS METHOD PATH [BODY]: a write that worked has an empty body.
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

fqdn=xms.example.com
gateway=_XM_ag.example.com
action=AC_OS_10.20.40.40
old=https://old-xms.example.com:8443
url=https://$fqdn:8443
encoded=https%3A%2F%2F$fqdn%3A8443
mdm=_XM_LB_MDM_${fqdn}_10.20.40.51
mam=_XM_MAM_LB_10.20.40.52_8443
member=servicegroup_servicegroupmember_binding
cert=sslvserver_sslcertkey_binding
controller=vpnvserver_appcontroller_binding

# 4.2, looking before anything is done.
want 200 GET nslicense
says '"sslvpn": true'
want 200 GET lbvserver
want 200 GET "vpnvserver/$gateway"
says '"curstate": "UP"'
want 200 GET server
want 200 GET "$member?bulkbindings=yes"
want 200 GET sslcertkey/wildcard-example
says '"status": "Valid"'
says '"linkcertkeyname": "Example-Issuing-CA"'
want 200 GET "$controller/$gateway"
want 404 GET "dnsaddrec/$fqdn"
says '"errorcode": 258'
want 200 GET nsconfig
says '"configchanged": false'

# 4.3, applying.
wrote 200 POST 'nsfeature?action=enable' '{"nsfeature":{"feature":["LB","SSL","SSLVPN"]}}'
for n in 1 2 3; do
    wrote 201 POST server "{\"server\":{\"name\":\"xms0$n\",\"ipaddress\":\"10.20.30.1$n\"}}"
done
want 409 POST server '{"server":{"name":"xms03","ipaddress":"10.20.30.13"}}'
says '{ "errorcode": 273, "message": "Resource already exists [name, xms03]", "severity": "ERROR" }'

for sg in sg_xm_mdm_443:SSL_BRIDGE sg_xm_mdm_8443:SSL_BRIDGE sg_xm_mam_8443:SSL; do
    wrote 201 POST servicegroup \
        "{\"servicegroup\":{\"servicegroupname\":\"${sg%:*}\",\"servicetype\":\"${sg#*:}\"}}"
done
for n in 1 2 3; do
    at="\"servername\":\"xms0$n\",\"port\""
    wrote 201 PUT $member "{\"$member\":{\"servicegroupname\":\"sg_xm_mdm_443\",$at:443}}"
    wrote 201 PUT $member "{\"$member\":{\"servicegroupname\":\"sg_xm_mdm_8443\",$at:8443}}"
    wrote 201 PUT $member \
        "{\"$member\":{\"servicegroupname\":\"sg_xm_mam_8443\",$at:8443,\"customserverid\":\"16909006$n\"}}"
done
for port in 443 8443; do
    wrote 201 POST lbvserver "{\"lbvserver\":{\"name\":\"${mdm}_$port\",\"servicetype\":\"SSL_BRIDGE\",\"ipv46\":\"10.20.40.51\",\"port\":$port,\"persistencetype\":\"SOURCEIP\",\"timeout\":20}}"
done
wrote 201 POST lbvserver "{\"lbvserver\":{\"name\":\"$mam\",\"servicetype\":\"SSL\",\"ipv46\":\"10.20.40.52\",\"port\":8443,\"persistencetype\":\"CUSTOMSERVERID\",\"rule\":\"HTTP.REQ.COOKIE.VALUE(\\\"ACNODEID\\\")\"}}"
for pair in "${mdm}_443 sg_xm_mdm_443" "${mdm}_8443 sg_xm_mdm_8443" "$mam sg_xm_mam_8443"; do
    wrote 201 PUT lbvserver_servicegroup_binding \
        "{\"lbvserver_servicegroup_binding\":{\"name\":\"${pair% *}\",\"servicegroupname\":\"${pair#* }\"}}"
done

want 200 GET "lbvserver/${mdm}_443"
says '"curstate": "DOWN"'
wait_for 5000
for port in 443 8443; do
    want 200 GET "lbvserver/${mdm}_$port"
    says '"curstate": "UP"'
    says '"health": "100"'
    says '"activeservices": "3"'
    says '"persistencetype": "SOURCEIP", "timeout": 20'
done
want 200 GET "$member/sg_xm_mdm_443?filter=servername:xms02"
says '"ip": "10.20.30.12"'
says '"svrstate": "UP"'
says '"port": 443'

want 200 GET "lbvserver/$mam"
says '"curstate": "DOWN"'
says '"value": "Certkey not bound"'
wrote 201 PUT $cert "{\"$cert\":{\"vservername\":\"$mam\",\"certkeyname\":\"wildcard-example\"}}"
want 200 GET "lbvserver/$mam"
says '"curstate": "UP"'
says '"activeservices": "3"'
says '"rule": "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")"'
wrote 201 POST dnsaddrec "{\"dnsaddrec\":{\"hostname\":\"$fqdn\",\"ipaddress\":\"10.20.40.52\"}}"
wrote 201 PUT $controller "{\"$controller\":{\"name\":\"$gateway\",\"appcontroller\":\"$url\"}}"
wrote 200 PUT vpnsessionaction "{\"vpnsessionaction\":{\"name\":\"$action\",\"storefronturl\":\"$url\"}}"
want 200 GET "dnsaddrec/$fqdn"
says '"ttl": "3600", "authtype": "ADNS"'
want 200 GET "$controller/$gateway"
says "\"appcontroller\": \"$url\""
want 200 GET "vpnsessionaction/$action"
says "\"storefronturl\": \"$url\""

want 200 GET nsconfig
says '"configchanged": true'
wrote 200 POST 'nsconfig?action=save' '{"nsconfig":{}}'
want 200 GET nsconfig
says '"configchanged": false'

# 4.4, tearing down, in reverse; what was in the session action goes back as well.
wrote 200 PUT vpnsessionaction "{\"vpnsessionaction\":{\"name\":\"$action\",\"storefronturl\":\"$old\"}}"
wrote 200 DELETE "$controller/$gateway?args=appcontroller:$encoded"
wrote 200 DELETE "dnsaddrec/$fqdn?args=ipaddress:10.20.40.52"
wrote 200 DELETE "$cert/$mam?args=certkeyname:wildcard-example"
for pair in "${mdm}_443 sg_xm_mdm_443" "${mdm}_8443 sg_xm_mdm_8443" "$mam sg_xm_mam_8443"; do
    wrote 200 DELETE "lbvserver_servicegroup_binding/${pair% *}?args=servicegroupname:${pair#* }"
    wrote 200 DELETE "lbvserver/${pair% *}"
done
for sg in sg_xm_mdm_443 sg_xm_mdm_8443 sg_xm_mam_8443; do
    for n in 1 2 3; do
        wrote 200 DELETE "$member/$sg?args=servername:xms0$n,port:${sg##*_}"
    done
    wrote 200 DELETE "servicegroup/$sg"
done
for n in 1 2 3; do
    wrote 200 DELETE "server/xms0$n"
done
want 404 DELETE server/xms01
says '"errorcode": 258'
wrote 200 POST 'nsconfig?action=save' '{"nsconfig":{}}'

wrote 201 POST logout '{"logout":{}}'
want 401 GET nsversion
says '"errorcode": 444'
