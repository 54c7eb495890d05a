package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;

/** A machine of the rack that runs the kernel's NFS server, and what root on other machines may try there. */
final class KernelStore {

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
