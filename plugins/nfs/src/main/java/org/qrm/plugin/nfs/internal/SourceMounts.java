package org.qrm.plugin.nfs.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What of a running system belongs to its root file system. Pure functions. */
final class SourceMounts {

    /** Content that exists only while the system runs; the directories themselves are copied. */
    private static final List<String> PASSING = List.of(
            "/proc/*",
            "/sys/*",
            "/dev/*",
            "/run/*",
            "/tmp/*",
            "/var/tmp/*",
            "/mnt/*",
            "/media/*",
            "/lost+found",
            "/swapfile",
            "/swap.img",
            "/var/cache/apt/archives/*.deb");

    private static final Set<String> DISKS =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs", "reiserfs", "zfs", "vfat");

    private static final int MOST = 500;

    private SourceMounts() {}

    /**
     * Filter options for rsync.
     *
     * @param mountinfo {@code /proc/self/mountinfo} of the source system, see proc(5); untrusted
     */
    static List<String> excludes(String mountinfo) {
        List<String> options = new ArrayList<>();
        PASSING.forEach(pattern -> options.add("--exclude=" + pattern));
        mountinfo
                .lines()
                .map(SourceMounts::foreign)
                .filter(point -> point != null)
                .distinct()
                .limit(MOST)
                .forEach(point -> options.add("--exclude=" + escaped(point) + "/*"));
        return options;
    }

    /** The mount point, if it is not the root and what is mounted there is no disk: network, memory, containers. */
    private static String foreign(String line) {
        String[] halves = line.split(" - ", 2);
        String[] words = halves[0].split(" ");
        if (halves.length < 2 || words.length < 5) {
            return null;
        }
        String point = plain(words[4]);
        String type = halves[1].split(" ")[0];
        boolean passing = List.of("/proc", "/sys", "/dev", "/run").stream()
                .anyMatch(top -> point.equals(top) || point.startsWith(top + "/"));
        return point.equals("/") || passing || DISKS.contains(type) ? null : point;
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
