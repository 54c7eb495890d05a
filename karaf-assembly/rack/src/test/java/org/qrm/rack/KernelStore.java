package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;

/** A machine of the rack that runs the kernel's NFS server, and what root on other machines may try there. */
final class KernelStore {

    /** Digits of a handle that name a file of ZFS: length, number (6 bytes), generation (4). */
    private static final int ZFS_FILE = 24;
    /** The length that says that the number of a snapshot follows (6 bytes), and its generation (4). */
    private static final String ZFS_LONG = "1400";

    private final Rack rack;
    private final Server server;
    private final String mac;

    KernelStore(Rack rack, Server server, String mac) {
        this.rack = rack;
        this.server = server;
        this.mac = mac;
    }

    String address() throws Exception {
        return server.get("/resources/" + mac).get("address").asText();
    }

    /** What is open to whom. */
    String exports() throws Exception {
        return run("exportfs", "-s");
    }

    /** A command there, which must succeed. */
    String run(String... command) throws Exception {
        Rack.Result result = server.ssh(address(), 22, command);
        assertEquals(String.join(" ", command) + " printed " + result.output(), 0, result.status());
        return result.output().strip();
    }

    /** Attacks from an image, with handles that the server has not given out; returns the handle of its file. */
    String confinesTo(String image, String... file) throws Exception {
        run("exportfs", "-o", "rw,no_root_squash,no_subtree_check,mountpoint", "10.77.0.1:" + image);
        List<String> words = new ArrayList<>(List.of("lookup", attack("mount", image)));
        words.addAll(List.of(file));
        String handle = attack(words.toArray(String[]::new));
        assertFalse(attack("read", handle).startsWith("status "));
        String user = attack("user-read", handle);
        assertTrue("a user who says that he is root: " + user, user.startsWith("status "));
        long own = inode(image + "/" + String.join("/", file));
        String other = attack("read", forged(handle, own, inode("/srv/images/secret")));
        assertFalse("the number of a file elsewhere: " + other, other.contains("the secret"));
        assertEquals("status 2", attack("lookup", handle(handle, own, 2, 0), "beside"));
        run("exportfs", "-u", "10.77.0.1:" + image);
        return handle;
    }

    /**
     * Attacks one dataset's image from another one, of the same pool: each has a file {@code file}, that of the second with a secret.
     *
     * @param dataset that of the second, which has a snapshot meanwhile
     */
    void confinesDatasets(String image, String other, String dataset) throws Exception {
        String options = "rw,no_root_squash,no_subtree_check,mountpoint";
        run("exportfs", "-o", options, "10.77.0.1:" + image);
        run("exportfs", "-o", options, "10.77.0.1:" + other);
        String own = attack("lookup", attack("mount", image), "file");
        String others = attack("lookup", attack("mount", other), "file");
        assertEquals("whoever may mount it reads it", "the secret", attack("read", others));
        run("exportfs", "-u", "10.77.0.1:" + other);
        run("zfs", "snapshot", dataset + "@now");
        run("cat", other + "/.zfs/snapshot/now/file"); // it is mounted then

        String whole = attack("read", others);
        assertTrue("the whole handle of the other: " + whole, whole.startsWith("status "));
        String file = others.substring(others.length() - ZFS_FILE);
        String swapped = attack("read", own.substring(0, own.length() - ZFS_FILE) + file);
        assertFalse("the other's file in its own export: " + swapped, swapped.contains("the secret"));
        long snapshot = Long.parseLong(run("zfs", "get", "-H", "-o", "value", "objsetid", dataset + "@now"));
        String within = attack(
                "read",
                own.substring(0, own.length() - ZFS_FILE) + ZFS_LONG + file.substring(ZFS_LONG.length()) + hex(snapshot)
                        + "0000" + "00000000" + "0000");
        assertTrue("the other's snapshot: " + within, within.startsWith("status "));
        assertEquals(
                "status 2",
                attack(
                        "lookup",
                        attack("mount", image),
                        "..",
                        other.substring(1).split("/")[0]));
        run("exportfs", "-u", "10.77.0.1:" + image);
        run("umount", other + "/.zfs/snapshot/now");
        run("zfs", "destroy", dataset + "@now");
    }

    /** What the program prints that says it to the server. */
    String attack(String... words) throws Exception {
        List<String> all = new ArrayList<>(
                List.of(System.getProperty("java.home") + "/bin/java", System.getProperty("nfs.attack"), address()));
        all.addAll(List.of(words));
        return rack.tryExec("server", all.toArray(String[]::new)).output().strip();
    }

    /** That of a file, changed to be that of another one below /srv/images. */
    String forged(String handle, long inode, long other) throws Exception {
        String generation = run("sh", "-c", "'lsattr -v $(find /srv/images -xdev -inum " + other + ")'");
        return handle(handle, inode, other, Long.parseLong(generation.split(" ")[0]));
    }

    /** Of ext4: number and generation of a file stand beside each other. */
    private static String handle(String handle, long inode, long other, long generation) {
        int at = handle.lastIndexOf(hex(inode));
        if (at == handle.length() - 8) { // subtree_check: the directory's number is the last
            at = handle.indexOf(hex(inode));
        }
        assertTrue(handle + " has the number " + inode, at > 0);
        return handle.substring(0, at) + hex(other) + hex(generation) + handle.substring(at + 16);
    }

    private static String hex(long number) {
        return String.format("%08x", Integer.reverseBytes((int) number));
    }

    long inode(String path) throws Exception {
        return Long.parseLong(run("stat", "-c", "%i", path));
    }
}
