package org.qrm.plugin.nfs.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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
            "/timeshift/*",
            "/.zfs",
            "/*/.zfs");

    private static final Set<String> DISKS = Set.of(
            "ext2", "ext3", "ext4", "xfs", "btrfs", "bcachefs", "f2fs", "jfs", "nilfs2", "reiserfs", "zfs", "vfat");

    private static final int MOST = 500;

    private SourceMounts() {}

    /**
     * A line of mountinfo.
     *
     * @param device major:minor of the file system
     * @param root which directory (or subvolume) of it is mounted
     * @param point where
     */
    private record Mount(String device, String root, String point, String type) {

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
     */
    static List<String> excludes(String mountinfo) {
        List<String> patterns = new ArrayList<>();
        PASSING.forEach(directory -> patterns.add(directory + "/*"));
        patterns.addAll(USELESS);
        Map<String, Mount> visible = new LinkedHashMap<>(); // at one point, only the last is seen
        mountinfo
                .lines()
                .map(SourceMounts::parsed)
                .filter(Objects::nonNull)
                .forEach(each -> visible.put(each.point, each));
        List<Mount> widestFirst = new ArrayList<>(visible.values());
        widestFirst.sort(Comparator.comparing((Mount mount) -> !mount.isRoot())
                .thenComparing(mount -> mount.root.equals("/") ? 0 : mount.root.length()));
        List<Mount> copied = new ArrayList<>();
        for (Mount mount : widestFirst) {
            if (mount.isCopied() && copied.stream().noneMatch(other -> shows(other, mount, visible))) {
                copied.add(mount);
            }
        }
        visible.values().stream()
                .filter(mount -> !copied.contains(mount))
                .filter(mount -> PASSING.subList(0, 4).stream().noneMatch(top -> under(mount.point, top)))
                .limit(MOST)
                .forEach(mount -> patterns.add(escaped(mount.point) + "/*"));
        return patterns;
    }

    /** Whether all of a mount is seen through another one too, at another place; or the root is seen through it once more. */
    private static boolean shows(Mount other, Mount mount, Map<String, Mount> visible) {
        if (!other.device.equals(mount.device)) {
            return false;
        }
        if (!under(mount.root, other.root)) {
            return other.isRoot() && under(other.root, mount.root);
        }
        String rest = mount.root.substring(other.root.equals("/") ? 0 : other.root.length());
        String place = ((other.isRoot() ? "" : other.point) + (rest.equals("/") ? "" : rest));
        String there = place.isEmpty() ? "/" : place;
        return !there.equals(mount.point) && other.equals(topmost(there, visible));
    }

    private static Mount topmost(String path, Map<String, Mount> visible) {
        return visible.values().stream()
                .filter(mount -> under(path, mount.point))
                .max(Comparator.comparing(mount -> mount.isRoot() ? 0 : mount.point.length()))
                .orElse(null);
    }

    private static boolean under(String path, String top) {
        return path.equals(top) || path.startsWith(top.equals("/") ? "/" : top + "/");
    }

    private static Mount parsed(String line) {
        String[] halves = line.split(" - ", 2);
        String[] words = halves[0].split(" ");
        return halves.length < 2 || words.length < 5
                ? null
                : new Mount(
                        words[2], plain(words[3]), plain(words[4]), halves[1].split(" ")[0]);
    }

    /** Space, tab, newline and backslash are written in octal there. */
    private static String plain(String escaped) {
        return escaped.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    /** What rsync's patterns give a meaning is taken literally after a backslash, if the pattern has any such character. */
    private static String escaped(String point) {
        return point.replaceAll("([*?\\[\\\\])", "\\\\$1");
    }
}
