package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;

/** Snapshots of an image that is a file, with file systems that are really mounted and a real NFS-Ganesha. */
public class RealSnapshotsTest {

    @ClassRule
    public static final GaneshaHost HOST = new GaneshaHost();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final NfsStorage storage =
            new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), Map.of("imageGib", "1"));
    private final StorageServer server = Bench.server(HOST.root());
    private final FilesystemImage image = Bench.image("web1", HOST.root().resolve("web1"));

    @Before
    public void anImage() throws Exception {
        assumeTrue(
                "skipped: there are no loop devices",
                HOST.onServer("losetup", "-f").status() == 0);
        commands.prefixes.put(GaneshaHost.ADDRESS, HOST.prefix());
        storage.create(server, image, new ImageSource.Empty(), bench);
    }

    @After
    public void tidy() throws Exception {
        storage.removeSnapshot(server, image, "a", bench);
        storage.remove(server, image, bench);
        storage.stop();
        assertEquals("", HOST.onServer("ls", "-A", HOST.root().toString()).output());
        assertFalse(HOST.onServer("losetup", "-a").output().contains(HOST.root().toString()));
    }

    @Test
    public void hasItsFilesAgainWithOwnersAndModesAndTakesLittleRoom() throws Exception {
        String place = image.path();
        shell("mkdir $0/etc; echo first >$0/etc/state; chmod 0640 $0/etc/state; chown 12:34 $0/etc/state", place);
        storage.createSnapshot(server, image, "a", bench);
        String kept = HOST.root() + "/.qrm/disks/web1.snapshots/a.img";
        long kib = Long.parseLong(shell("du -k $0 | cut -f 1", kept));
        assertTrue(kib + " KiB of 1 GiB", kib < 200 * 1024);
        shell("rm -r $0/etc; echo second >$0/state", place);
        storage.restoreSnapshot(server, image, "a", bench);
        assertEquals("first", shell("cat $0/etc/state", place));
        assertEquals("640 12 34", shell("stat -c '%a %u %g' $0/etc/state", place));
        assertEquals("", shell("ls $0 | grep state || :", place));
        assertEquals("", shell("e2fsck -f -n $0 >/dev/null 2>&1 || echo damaged", kept));
        storage.grow(server, image, 2, bench);
        storage.restoreSnapshot(server, image, "a", bench);
        assertEquals("first", shell("cat $0/etc/state", place));
    }

    @Test
    public void isNotTakenOrRestoredWhileAMachineMayMountIt() throws Exception {
        storage.createSnapshot(server, image, "a", bench);
        storage.setAccess(server, image, List.of(new StorageClient("10.88.0.101", true)), bench);
        QrmException taking = assertThrows(QrmException.class, () -> storage.createSnapshot(server, image, "b", bench));
        assertEquals(Problem.Kind.CONFLICT, taking.problem().kind());
        QrmException restoring =
                assertThrows(QrmException.class, () -> storage.restoreSnapshot(server, image, "a", bench));
        assertEquals(Problem.Kind.CONFLICT, restoring.problem().kind());
        storage.setAccess(server, image, List.of(), bench);
        storage.restoreSnapshot(server, image, "a", bench);
    }

    private static String shell(String command, String argument) throws Exception {
        return HOST.onServer("sh", "-c", command, argument).output().strip();
    }
}
