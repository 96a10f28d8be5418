# Libraries from Debian's source packages, for deps/build-*: sourced, not run.
#
# The caller has set: list (deps/windows-sources.txt or one like it), cache (a folder that keeps
# the files), work (a folder for the trees), log, out (where libraries go), cflags, jobs.
# The sources come from the package servers that this machine's apt is set up with, by apt's own
# downloader, and are refused unless their SHA-256 is the pinned one.
#
# shellcheck shell=sh disable=SC2154

fail() {
    tail -n 30 "$log" >&2
    echo "$0: $*; the whole log: $log" >&2
    exit 1
}

run() {
    echo "+ $*" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null
}

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

# SOURCES: folders that may hold the files, in place of a download.
fetch() { # POOL-FOLDER FILE SHA-256
    is_right "$cache/$2" "$3" && return 0
    for folder in ${SOURCES:-}; do
        if is_right "$folder/$2" "$3"; then
            cp "$folder/$2" "$cache/$2"
            return 0
        fi
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

# What Debian says of a library's licenses.
keep_copyright() { # NAME
    mkdir -p "$out/licenses"
    cp "$work/$1/debian/copyright" "$out/licenses/$1"
}

cmake_build() { # NAME OPTION...
    name=$1
    shift
    echo "  $name"
    tree=$(unpack "$name") || fail "cannot unpack $name"
    run cmake -S "$tree" -B "$work/$name-build" -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_C_FLAGS="$cflags -ffile-prefix-map=$work=." -DCMAKE_INSTALL_PREFIX="$out" \
        -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF "$@" || fail "cannot configure $name"
    run cmake --build "$work/$name-build" -j "$jobs" || fail "cannot build $name"
    run cmake --install "$work/$name-build" || fail "cannot install $name"
    keep_copyright "$name"
}
