# shellcheck shell=sh disable=SC2154
# For the scripts that build libraries from Debian's source packages (deps/windows-sources.txt:
# versions and SHA-256): fetches the files by apt's own downloader from the package servers that
# this machine's apt is set up with, refuses any other bytes, unpacks and patches. To be sourced;
# needs $list, $cache, $work, $log and a function `run`.

# Base addresses of the Debian archives that apt is set up with.
archives() {
    {
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
            sed -n 's/^[[:space:]]*deb\(-src\)\{0,1\}[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}\([^[:space:]]*\).*/\3/p'
        cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
            sed -n 's/^[Uu][Rr][Ii][Ss]:[[:space:]]*//p' | tr -s '[:blank:]' '\n'
    } | sed 's,/*$,,' | grep -E '/debian(-security)?$' | sort -u
}

is_right() { # FILE SHA-256
    [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -c1-64)" = "$2" ]
}

fetch() { # POOL-FOLDER FILE SHA-256
    is_right "$cache/$2" "$3" && return 0
    for folder in "${WINDOWS_SOURCES:-}" "$top/build/windows/sources"; do
        is_right "${folder:-none}/$2" "$3" || continue
        cp "$folder/$2" "$cache/$2"
        return 0
    done
    for archive in $(archives); do
        for pool in pool/main pool/updates/main; do
            run /usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file \
                "$archive/$pool/$1/$2" "$cache/$2.part" "SHA256:$3" || continue
            is_right "$cache/$2.part" "$3" || continue
            mv "$cache/$2.part" "$cache/$2"
            return 0
        done
    done
    rm -f "$cache/$2.part"
    return 1
}

fetch_all() {
    grep -v '^#' "$list" | while read -r name version folder file sum; do
        fetch "$folder" "$file" "$sum" || {
            echo "$name $version: $file cannot be had from the package servers" >>"$log"
            exit 1
        }
    done
}

# Unpacks a library and applies Debian's patches to it; prints its folder.
unpack() { # NAME
    tree=$work/$1
    mkdir -p "$tree"
    grep "^$1 " "$list" | while read -r _ _ _ file _; do
        case $file in
        *.orig.tar.*) tar -xf "$cache/$file" -C "$tree" --strip-components=1 ;;
        *) tar -xf "$cache/$file" -C "$tree" ;;
        esac
    done
    if [ -f "$tree/debian/patches/series" ]; then
        sed 's/#.*//; s/[[:space:]].*//; /^$/d' "$tree/debian/patches/series" |
            while read -r p; do
                patch -p1 -f -d "$tree" -i "$tree/debian/patches/$p" >>"$log" 2>&1 || exit 1
            done || return 1
    fi
    echo "$tree"
}
