# Libraries from Debian's source packages, for deps/build-*: sourced, not run.
#
# The caller has set: top (the tree), list (deps/windows-sources.txt), cache (a folder that keeps
# the files), work (a folder for the trees), out (where libraries, headers and licenses go), log,
# cflags, jobs; cmake_build takes a file $work/toolchain.cmake if there is one.
#
# The sources come from the package servers that this machine's apt is set up with, by apt's own
# downloader, and are refused unless their SHA-256 is the pinned one. SOURCES="DIR..." in the
# environment names folders that may hold them; what the other builds have fetched is taken too.
#
# shellcheck shell=sh disable=SC2154

# No folder names in what is built; the last one that fits counts.
maps="-ffile-prefix-map=$top=. -ffile-prefix-map=$work=."

fail() {
    tail -n 30 "$log" >&2
    echo "$0: $*; the whole log: ${log#"$top/"}" >&2
    exit 1
}

run() {
    echo "+ $*" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null
}

# --- the sources ----------------------------------------------------------------

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
    [ -f "$1" ] || return 1
    is=$(sha256sum <"$1" | cut -c1-64)
    [ "$is" != "$2" ] || return 0
    echo "$1: SHA-256 $is, but deps/windows-sources.txt wants $2" >>"$log"
    return 1
}

# Debian's servers have the newest version of a release only, under the release's or its security
# archive's pool.
download() { # POOL-FOLDER FILE SHA-256
    for archive in $(archives); do
        case $archive in
        *-security) pool=pool/updates/main ;;
        *) pool=pool/main ;;
        esac
        rm -f "$cache/$2.part"
        run /usr/lib/apt/apt-helper -o APT::Sandbox::User=root -o Acquire::Retries=1 \
            -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 download-file \
            "$archive/$pool/$1/$2" "$cache/$2.part" "SHA256:$3" || continue
        is_right "$cache/$2.part" "$3" || continue
        mv "$cache/$2.part" "$cache/$2"
        return 0
    done
    rm -f "$cache/$2.part"
    return 1
}

fetch() { # POOL-FOLDER FILE SHA-256
    is_right "$cache/$2" "$3" && return 0
    for folder in ${SOURCES:-} ${WINDOWS_SOURCES:-} "$top"/build/*/sources; do
        if [ "$folder" != "$cache" ] && is_right "$folder/$2" "$3"; then
            cp "$folder/$2" "$cache/$2"
            return 0
        fi
    done
    download "$@"
}

fetch_all() {
    grep -v '^#' "$list" >"$work/list"
    while read -r name version folder file sum; do
        fetch "$folder" "$file" "$sum" || {
            echo "$file ($name $version) cannot be had with the SHA-256 of deps/windows-sources.txt:" \
                "neither from the package servers of this machine's apt nor from a folder in SOURCES." \
                "When Debian has a newer version, name that one in the list." >>"$log"
            return 1
        }
    done <"$work/list"
}

# Or ends with 69 (EX_UNAVAILABLE of sysexits.h), so that callers can do without.
get_sources() {
    (fetch_all) || {
        tail -n 30 "$log" >&2
        echo "$0: the sources cannot be had; the whole log: ${log#"$top/"}" >&2
        exit 69
    }
}

# Unpacks a library and applies Debian's patches to it; prints its folder.
unpack() { # NAME
    tree=$work/$1
    mkdir -p "$tree"
    grep "^$1 " "$list" | while read -r _ _ _ file _; do
        case $file in
        *.orig.tar.*) tar -xf "$cache/$file" -C "$tree" --strip-components=1 ;;
        *) tar -xf "$cache/$file" -C "$tree" ;;
        esac || exit 1
    done || return 1
    if [ -f "$tree/debian/patches/series" ]; then
        sed 's/#.*//; s/[[:space:]].*//; /^$/d' "$tree/debian/patches/series" |
            while read -r p; do
                patch -p1 -f -d "$tree" -i "$tree/debian/patches/$p" >>"$log" 2>&1 || exit 1
            done || return 1
    fi
    echo "$tree"
}

# --- the libraries --------------------------------------------------------------

# The license that every copy of the program has to come with, in the library's own words.
keep_copyright() { # NAME
    mkdir -p "$out/licenses"
    for license in "$work/$1"/LICEN[SC]E "$work/$1"/LICEN[SC]E.txt "$work/$1"/LICEN[SC]E.md \
        "$work/$1"/License "$work/$1"/COPYING; do
        if [ -f "$license" ]; then
            cp "$license" "$out/licenses/$1"
            return 0
        fi
    done
    fail "$1 has no license file"
}

cmake_build() { # NAME OPTION...
    name=$1
    shift
    echo "  $name"
    tree=$(unpack "$name") || fail "cannot unpack $name"
    if [ -f "$work/toolchain.cmake" ]; then
        set -- -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" "$@"
    fi
    run cmake -S "$tree" -B "$work/$name-build" -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_C_FLAGS="$cflags $maps" -DCMAKE_INSTALL_PREFIX="$out" \
        -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF "$@" || fail "cannot configure $name"
    run cmake --build "$work/$name-build" -j "$jobs" || fail "cannot build $name"
    run cmake --install "$work/$name-build" || fail "cannot install $name"
    keep_copyright "$name"
}
