package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.junit.Test;

public class SourceMountsTest {

    private static final int ALWAYS = SourceMounts.excludes("").size();

    @Test
    public void copiesDisksAndLeavesOutWhatIsNone() {
        assertEquals(List.of("--exclude=/srv/share/*", "--exclude=/home/*"), added("""
                        22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
                        30 22 254:2 / /boot rw,relatime - ext4 /dev/vda2 rw
                        23 22 0:21 / /proc rw,nosuid - proc proc rw
                        24 22 0:22 / /run/lock rw - tmpfs tmpfs rw
                        40 22 0:40 / /srv/share rw - nfs4 10.0.0.1:/share rw
                        41 22 0:41 / /home rw - tmpfs tmpfs rw
                        """));
    }

    @Test
    public void takesOddNamesLiterally() {
        assertEquals(
                List.of("--exclude=/a b/*", "--exclude=/x\\*y\\[1]\\\\/*"),
                added("1 1 0:1 / /a\\040b rw - fuse x rw\n2 1 0:2 / /x*y[1]\\134 rw - fuse x rw\n"));
    }

    @Test
    public void copiesARootThatIsInMemory() {
        assertEquals(List.of(), added("1 1 0:1 / / rw - overlay overlay rw\n"));
    }

    @Test
    public void survivesNonsense() {
        assertEquals(List.of(), added("\n - \na b c\n - ext4\n1 2 3 4 - x\n"));
        assertEquals(
                500,
                added("1 1 0:1 / /m%d rw - fuse x rw\n"
                                .repeat(600)
                                .lines()
                                .reduce(
                                        new StringBuilder(),
                                        (text, line) -> text.append(line.replace("%d", "" + text.length()))
                                                .append('\n'),
                                        StringBuilder::append)
                                .toString())
                        .size());
    }

    private static List<String> added(String mountinfo) {
        List<String> all = SourceMounts.excludes(mountinfo);
        return all.subList(ALWAYS, all.size());
    }
}
