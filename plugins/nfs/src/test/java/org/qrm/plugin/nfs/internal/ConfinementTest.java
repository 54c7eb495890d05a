package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;

/** What root on a machine, which may mount one image, gets from a real NFS-Ganesha by handles of its own making. */
public class ConfinementTest {

    private static final String MACHINE = "10.88.0.101";

    @ClassRule
    public static final GaneshaHost HOST = new GaneshaHost();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final NfsStorage storage = new NfsStorage(
            commands,
            bench,
            bench.eventLog,
            new NfsTrust(bench),
            Map.of("sharedFileSystems", "allow", "imageGib", "1"));
    private final StorageServer server = Bench.server(HOST.root());
    private final List<FilesystemImage> made = new ArrayList<>();

    @Before
    public void reachTheHost() throws Exception {
        commands.prefixes.put(GaneshaHost.ADDRESS, HOST.prefix());
    }

    @After
    public void tidy() throws Exception {
        for (FilesystemImage image : made) {
            storage.remove(server, image, bench);
        }
        storage.stop();
        assertEquals("", HOST.onServer("ls", "-A", HOST.root().toString()).output());
        assertFalse(HOST.onServer("losetup", "-a").output().contains(HOST.root().toString()));
    }

    @Test
    public void whoMayMountADirectoryHasAllOfItsFileSystem() throws Exception {
        FilesystemImage mine = directory("mine");
        FilesystemImage other = directory("other");
        secret(other);
        open(mine, true);

        String root = forged(handleOf(mine), inode(mine.path()), 2, 0);
        assertEquals("the secret of other", attack("read", below(root, other.path() + "/secret")));
        attack("write", below(root, other.path() + "/secret"), "WRITTEN");
        assertTrue(HOST.onServer("cat", other.path() + "/secret").output().startsWith("WRITTEN"));
        assertTrue(storage.probe(server, bench).warning().contains("trust each other"));
    }

    @Test
    public void whoMayMountAFileSystemHasNothingElse() throws Exception {
        FilesystemImage mine = made("mine");
        FilesystemImage other = made("other");
        secret(mine);
        String victim = secret(other);
        open(mine, true);
        storage.setAccess(server, other, List.of(new StorageClient("10.88.0.102", true)), bench);
        assertEquals("", storage.probe(server, bench).warning());

        String handle = handleOf(mine);
        assertEquals("the secret of mine", attack("read", below(handle, "/secret")));
        String root = forged(handle, inode(mine.path()), 2, 0);
        assertEquals("the root of the file system is that of the image", handle, root);
        assertEquals(
                "status 2", attack("lookup", root, other.path().substring(1).split("/")[0]));
        assertEquals("above it there is nothing", handle, attack("lookup", root, ".."));

        String file = below(handle, "/secret");
        String beside = forged(file, inode(mine.path() + "/secret"), inode(victim), generation(victim));
        String read = attack("read", beside);
        assertFalse("by the number of the other's file: " + read, read.contains("of other"));
        String known = attackAs("10.88.0.102", "lookup", attackAs("10.88.0.102", "mount", other.path()), "secret");
        assertEquals("the secret of other", attackAs("10.88.0.102", "read", known));
        String swapped = known.substring(0, 4) + handle.substring(4, 8) + known.substring(8);
        String stolen = attack("read", swapped);
        assertFalse("by the whole handle in its own export: " + stolen, stolen.contains("of other"));
        assertEquals("the other's export is not its own", "status 13", attack("mount", other.path()));
    }

    @Test
    public void whoIsClosedOutWritesNoMoreByTheHandlesThatItHas() throws Exception {
        for (boolean ownFileSystem : List.of(true, false)) {
            FilesystemImage image = ownFileSystem ? made("own") : directory("shared");
            secret(image);
            open(image, true);
            String file = below(handleOf(image), "/secret");
            assertEquals("written", attack("write", file, "BEFORE"));

            storage.setAccess(server, image, List.of(new StorageClient("10.88.0.102", true)), bench);
            String refused = attack("write", file, "AFTER!");
            assertTrue(refused, refused.startsWith("status "));
            assertEquals("written", attackAs("10.88.0.102", "write", file, "SPARE!"));

            storage.setAccess(server, image, List.of(), bench);
            for (String machine : List.of(MACHINE, "10.88.0.102")) {
                String gone = attackAs(machine, "write", file, "AFTER!");
                assertTrue(machine + ": " + gone, gone.startsWith("status "));
            }
            assertTrue(HOST.onServer("cat", image.path() + "/secret").output().startsWith("SPARE!"));
        }
    }

    /** A file system that was mounted there by hand; also where there are no loop devices. */
    @Test
    public void whoMayMountOneInMemoryHasNothingElse() throws Exception {
        FilesystemImage mine = inMemory("mine");
        FilesystemImage other = inMemory("other");
        try {
            secret(mine);
            secret(other);
            open(mine, true);
            storage.setAccess(server, other, List.of(new StorageClient("10.88.0.102", true)), bench);
            assertEquals("", storage.probe(server, bench).warning());
            String handle = handleOf(mine);
            assertEquals("the secret of mine", attack("read", below(handle, "/secret")));
            assertEquals("above it there is nothing", handle, attack("lookup", handle, ".."));
            String known = attackAs("10.88.0.102", "lookup", attackAs("10.88.0.102", "mount", other.path()), "secret");
            assertEquals("the secret of other", attackAs("10.88.0.102", "read", known));
            for (String forged : List.of(known, known.substring(0, 4) + handle.substring(4, 8) + known.substring(8))) {
                String stolen = attack("read", forged);
                assertFalse(forged + ": " + stolen, stolen.contains("of other"));
            }
            assertEquals("the other's export is not its own", "status 13", attack("mount", other.path()));
        } finally {
            for (FilesystemImage image : List.of(mine, other)) {
                storage.setAccess(server, image, List.of(), bench);
                HOST.onServer("umount", image.path());
                HOST.onServer("rmdir", image.path());
                storage.remove(server, image, bench);
            }
        }
    }

    private FilesystemImage inMemory(String name) throws Exception {
        FilesystemImage image = Bench.image(name, HOST.root().resolve(name));
        HOST.onServer("mkdir", image.path());
        HOST.onServer("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", image.path());
        storage.create(server, image, new ImageSource.Existing(), bench);
        return image;
    }

    private FilesystemImage made(String name) throws Exception {
        assumeTrue(
                "skipped: there are no loop devices",
                HOST.onServer("losetup", "-f").status() == 0);
        FilesystemImage image = Bench.image(name, HOST.root().resolve(name));
        made.add(image);
        storage.create(server, image, new ImageSource.Empty(), bench);
        return image;
    }

    /** As all images were in release 0.1. */
    private FilesystemImage directory(String name) throws Exception {
        FilesystemImage image = Bench.image(name, HOST.root().resolve(name));
        made.add(image);
        Files.createDirectories(HOST.root().resolve(name));
        storage.create(server, image, new ImageSource.Existing(), bench);
        Path marker = HOST.root().resolve(".qrm").resolve(name);
        Files.writeString(marker, Files.readString(marker).replace("made=no", "made=yes"));
        return image;
    }

    private String secret(FilesystemImage image) throws Exception {
        String file = image.path() + "/secret";
        HOST.onServer(
                "sh",
                "-c",
                "printf '%s' \"$1\" >\"$2\"; chmod 0600 \"$2\"",
                "sh",
                "the secret of " + image.name(),
                file);
        return file;
    }

    private void open(FilesystemImage image, boolean writable) {
        storage.setAccess(server, image, List.of(new StorageClient(MACHINE, writable)), bench);
    }

    private static String handleOf(FilesystemImage image) throws Exception {
        return attack("mount", image.path());
    }

    private static String below(String handle, String path) throws Exception {
        List<String> words = new ArrayList<>(List.of("lookup", handle));
        words.addAll(List.of(path.substring(1).split("/")));
        return attack(words.toArray(String[]::new));
    }

    /** What the program printed. */
    private static String attack(String... words) throws Exception {
        return attackAs(MACHINE, words);
    }

    private static String attackAs(String machine, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NfsAttack.class.getName(),
                GaneshaHost.ADDRESS));
        all.addAll(List.of(words));
        return HOST.onClient(machine, all.toArray(String[]::new)).output();
    }

    /** The handle of another inode; a handle of ext4 has number and generation of an inode beside each other. */
    private static String forged(String handle, long inode, long other, long generation) {
        int at = handle.indexOf(littleEndian(inode));
        assertTrue(handle + " has the inode " + inode, at > 0);
        return handle.substring(0, at) + littleEndian(other) + littleEndian(generation) + handle.substring(at + 16);
    }

    private static String littleEndian(long number) {
        return java.util.HexFormat.of()
                .formatHex(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) number)
                        .array());
    }

    private static long inode(String path) throws Exception {
        return Long.parseLong(HOST.onServer("stat", "-c", "%i", path).output());
    }

    private static long generation(String path) throws Exception {
        return Long.parseLong(HOST.onServer("lsattr", "-v", path).output().split(" ")[0]);
    }
}
