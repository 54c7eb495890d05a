package org.qrm.plugin.nfs.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.qrm.api.QrmException;

/** What of a running system belongs to its root file system. Pure functions. */
final class SourceMounts {

    /** Where content is that exists only while the system runs; the directories themselves are copied. */
    private static final List<String> PASSING =
            List.of("/proc", "/sys", "/dev", "/run", "/tmp", "/var/tmp", "/mnt", "/media");

    /** Also not copied: what belongs to that machine's disks or was of use to it alone. */
    private static final List<String> USELESS = List.of(
            "/lost+found",
            "/swapfile",
            "/swap.img",
            "/var/cache/apt/archives/*.deb",
            "/var/log/lastlog", // sparse, as large as the largest uid is high
            "/var/log/faillog",
            "/.snapshots/*", // of snapper, also where nothing is mounted
            "/*/.snapshots/*",
            "/**/.snapshots/*/snapshot", // of snapper's configurations for other directories
            "/timeshift/*",
            "/.zfs",
            "/**/.zfs");

    private static final Set<String> DISKS = Set.of(
            "ext2",
            "ext3",
            "ext4",
            "xfs",
            "btrfs",
            "bcachefs",
            "f2fs",
            "jfs",
            "nilfs2",
            "reiserfs",
            "zfs",
            "vfat",
            "msdos",
            "exfat",
            "ntfs3");

    /** Octets that all patterns may have together, quoted: a command is one argument of a shell, of 128 KiB (execve(2)). */
    private static final int MOST_OCTETS = 80_000;

    private static final String ORPHANS = "";

    private SourceMounts() {}

    /**
     * A line of mountinfo.
     *
     * @param id its number
     * @param parent the number of the mount that it is mounted on
     * @param device major:minor of the file system
     * @param root which directory (or subvolume) of it is mounted
     * @param point where
     * @param type of the file system
     * @param source what is mounted, as the file system calls it
     */
    private record Mount(
            String id, String parent, String device, String root, String point, String type, String source) {

        boolean isRoot() {
            return point.equals("/");
        }

        /** The content of what is mounted there is part of the system. */
        boolean isCopied() {
            return isRoot() || DISKS.contains(type) && PASSING.stream().noneMatch(top -> under(point, top));
        }
    }

    /**
     * Patterns for rsync of what is not copied. Of each file system on a disk, content that is mounted at several places is
     * copied at one: from the root, or else where the most of it is mounted.
     *
     * @param mountinfo {@code /proc/self/mountinfo} of the source system, see proc(5); untrusted
     * @throws QrmException kind REFUSED when they are more than a command takes
     */
    static List<String> excludes(String mountinfo) {
        Seen seen = Seen.of(mountinfo
                .lines()
                .map(SourceMounts::parsed)
                .filter(Objects::nonNull)
                .toList());
        List<Mount> widestFirst = new ArrayList<>(seen.mounts());
        widestFirst.sort(Comparator.comparing((Mount mount) -> !mount.isRoot())
                .thenComparing(mount -> mount.root.equals("/") ? 0 : mount.root.length()));
        List<Mount> copied = new ArrayList<>();
        for (Mount mount : widestFirst) {
            if (mount.isCopied() && copied.stream().noneMatch(other -> seen.shows(other, mount))) {
                copied.add(mount);
            }
        }
        Set<String> left = new LinkedHashSet<>(PASSING);
        List<String> patterns = new ArrayList<>();
        PASSING.forEach(directory -> patterns.add(directory + "/*"));
        patterns.addAll(USELESS);
        for (Mount mount : seen.mounts()) {
            if (!copied.contains(mount) && !isBelowOneOf(left, mount.point)) {
                left.add(mount.point);
                patterns.add(escaped(mount.point) + "/*");
            }
        }
        refuseTooMany(patterns);
        return patterns;
    }

    /**
     * Where systemd mounts something as soon as somebody looks: disks of the system, too, whose content would be missed in the
     * copy. Each below the one before it, if at all; what belongs to no copy is not among them.
     *
     * @param mountinfo as for {@link #excludes}
     */
    static List<String> automounts(String mountinfo) {
        Seen seen = Seen.of(mountinfo
                .lines()
                .map(SourceMounts::parsed)
                .filter(Objects::nonNull)
                .toList());
        return seen.mounts().stream()
                .filter(mount -> mount.type.equals("autofs") && mount.source.equals("systemd-1"))
                .map(Mount::point)
                .filter(point -> point.startsWith("/") && PASSING.stream().noneMatch(top -> under(point, top)))
                .sorted()
                .toList();
    }

    /**
     * Patterns for rsync of mount points that root itself may not even look at: a user's FUSE (mount.fuse3(8), allow_root). That
     * is an error only where no pattern excludes them.
     *
     * @param mountinfo as for {@link #excludes}
     */
    static List<String> closedPoints(String mountinfo) {
        return Seen.of(mountinfo
                        .lines()
                        .map(SourceMounts::parsed)
                        .filter(Objects::nonNull)
                        .toList())
                .mounts()
                .stream()
                .filter(mount -> mount.type.equals("fuse") || mount.type.startsWith("fuse."))
                .filter(mount -> !mount.isRoot() && PASSING.stream().noneMatch(top -> under(mount.point, top)))
                .map(mount -> escaped(mount.point))
                .toList();
    }

    /**
     * Patterns for rsync of files that the system swaps to, wherever they are.
     *
     * @param swaps {@code /proc/swaps} of the source system, see proc_swaps(5); untrusted
     */
    static List<String> swapFiles(String swaps) {
        return swaps.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length == 5 && words[0].startsWith("/") && words[1].equals("file"))
                .map(words -> escaped(plain(words[0])))
                .toList();
    }

    private static boolean isBelowOneOf(Set<String> directories, String path) {
        for (String above = path; !above.isEmpty(); above = above.substring(0, Math.max(0, above.lastIndexOf('/')))) {
            if (directories.contains(above)) {
                return true;
            }
        }
        return false;
    }

    private static void refuseTooMany(List<String> patterns) {
        int octets = patterns.stream()
                .mapToInt(each -> each.getBytes(StandardCharsets.UTF_8).length + 20)
                .sum();
        if (octets > MOST_OCTETS) {
            throw QrmException.refused(
                    "copy the source system",
                    patterns.size() + " mounts",
                    "they are not part of the system, and more than one command can leave out",
                    "Stop there what mounts them (containers, pods, automounts) for the time of the copy.");
        }
    }

    /**
     * What is seen of all mounts, see path_resolution(7): of several on one point the last, and nothing that lies below a
     * point that was mounted over later.
     */
    private record Seen(Map<String, List<Mount>> children, List<Mount> mounts) {

        static Seen of(List<Mount> all) {
            Set<String> ids = new HashSet<>();
            all.forEach(mount -> ids.add(mount.id));
            Map<String, List<Mount>> children = new HashMap<>();
            for (Mount mount : all) {
                boolean orphan = !ids.contains(mount.parent) || mount.parent.equals(mount.id);
                children.computeIfAbsent(orphan ? ORPHANS : mount.parent, parent -> new ArrayList<>())
                        .add(mount);
            }
            Seen paths = new Seen(children, List.of());
            return new Seen(
                    children,
                    all.stream()
                            .distinct()
                            .filter(mount -> mount.equals(paths.at(mount.point)))
                            .toList());
        }

        /** The mount that a path leads to, or null. */
        Mount at(String path) {
            Mount here = null;
            Set<Mount> passed = new HashSet<>();
            for (Mount next = onTheWay(ORPHANS, path); next != null && passed.add(next); ) {
                here = next;
                next = onTheWay(here.id, path);
            }
            return here;
        }

        private Mount onTheWay(String parent, String path) {
            Mount first = null;
            for (Mount mount : children.getOrDefault(parent, List.of())) {
                if (under(path, mount.point) && (first == null || mount.point.length() <= first.point.length())) {
                    first = mount;
                }
            }
            return first;
        }

        /** Whether all of a mount is seen through another one too, at another place; or the root is seen through it once more. */
        boolean shows(Mount other, Mount mount) {
            if (!other.device.equals(mount.device)) {
                return false;
            }
            if (!under(mount.root, other.root)) {
                return other.isRoot() && under(other.root, mount.root);
            }
            String rest = mount.root.substring(other.root.equals("/") ? 0 : other.root.length());
            String place = ((other.isRoot() ? "" : other.point) + (rest.equals("/") ? "" : rest));
            String there = place.isEmpty() ? "/" : place;
            return !there.equals(mount.point) && other.equals(at(there));
        }
    }

    private static boolean under(String path, String top) {
        return path.equals(top) || path.startsWith(top.equals("/") ? "/" : top + "/");
    }

    private static Mount parsed(String line) {
        String[] halves = line.split(" - ", 2);
        String[] words = halves[0].split(" ");
        if (halves.length < 2 || words.length < 5) {
            return null;
        }
        String[] what = halves[1].split(" ");
        String source = what.length > 1 ? what[1] : "";
        return new Mount(words[0], words[1], words[2], plain(words[3]), plain(words[4]), what[0], source);
    }

    /** Space, tab, newline and backslash are written in octal there. */
    private static String plain(String escaped) {
        return escaped.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    /**
     * What rsync's patterns give a meaning is taken literally after a backslash, if the pattern has any such character. What
     * is no UTF-8 arrived as a replacement character, and stands for any.
     */
    private static String escaped(String point) {
        return point.replaceAll("([*?\\[\\\\])", "\\\\$1").replaceAll("\ufffd+", "*");
    }
}
