package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;

/** Images that are logical volumes, with an LVM that is played by {@code lvm.sh}. */
public class VolumesTest {

    private static final List<StorageClient> MACHINE = List.of(new StorageClient("10.77.0.101", true));
    private static final ImageSource EMPTY = new ImageSource.Empty();
    private static final long GIB = 1 << 20; // in KiB

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final NfsStorage storage = new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), in("vg"));
    private StorageServer server;
    private Path system;
    private Path root;
    private Path volumes;
    private LvmHost host;

    @Before
    public void makeAStorageServer() throws Exception {
        host = new LvmHost(folder, commands);
        system = host.systemd.system;
        root = host.systemd.images;
        volumes = host.volumes;
        server = Bench.server(root);
        host.systemd.program("sleep", "exit 0");
        host.isFree(10 * GIB);
        Files.writeString(volumes.resolve("pool"), 4 * GIB + " thin-pool - 25.00 -\n");
    }

    @After
    public void stop() {
        storage.stop();
    }

    @Test
    public void aNewImageIsAVolumeThatIsMountedBeforeTheNfsServerStarts() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        String volume = host.onlyVolume();
        assertTrue(volume, volume.matches("qrm-web1-[0-9a-f]{12}"));
        assertEquals(GIB + " linear - - qrm", host.state(volume));
        assertEquals(
                "noinit_itable,nosuid,nodev",
                Files.readString(system.resolve("options")).strip());
        Path units = system.resolve("etc/systemd/system");
        String mount =
                Files.readString(units.resolve((root + "/web1").substring(1).replace('/', '-') + ".mount"));
        assertTrue(mount, mount.contains("\nWants=" + volume + ".service\nDefaultDependencies=no\n"));
        assertTrue(mount, mount.contains("\n[Mount]\nWhat=/dev/vg/" + volume + "\n"));
        String activation = Files.readString(units.resolve(volume + ".service"));
        assertTrue(activation, activation.contains("\nExecStart=lvchange -ay vg/" + volume + "\nRestart=on-failure\n"));
        Path late = units.resolve("dev-vg-" + volume + ".device.wants");
        assertEquals(
                mount,
                Files.readString(late.resolve((root + "/web1").substring(1).replace('/', '-') + ".mount")));
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(host.systemd.exported("web1").contains("mountpoint"));

        storage.remove(server, image, bench);
        storage.remove(server, image, bench);
        assertFalse(Files.exists(units.resolve(volume + ".service")));
        assertFalse(Files.exists(late));
        host.assertNothingIsLeft();
    }

    @Test
    public void namesOfVolumesTellPathsApart() throws Exception {
        create("a_b", EMPTY);
        storage.create(server, Bench.image("other", root.resolve("a@b")), EMPTY, bench);
        assertEquals(
                List.of("qrm-a-b-", "qrm-a-b-"),
                host.names().stream().map(name -> name.substring(0, 8)).toList());
        assertEquals(2, host.names().size());
    }

    @Test
    public void isActivatedAndMountedAgainAlsoWhenItsDisksComeLate() throws Exception {
        FilesystemImage image = confined("web1");
        host.restart();
        String lvm = Files.readString(folder.getRoot().toPath().resolve("programs/lvchange"));
        host.systemd.program("lvchange", """
                echo x >>"$QRM_TEST_ROOT/tries"
                [ "$(wc -l <"$QRM_TEST_ROOT/tries")" -gt 3 ] || exit 5
                """ + lvm);
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        host.restart();
        storage.probe(server, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
    }

    @Test
    public void isNotOpenedWhenItsVolumeIsGone() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        host.restart();
        Files.delete(volumes.resolve(host.onlyVolume()));
        assertFails(Kind.NOT_FOUND, "cannot be activated", () -> storage.setAccess(server, image, MACHINE, bench));
        assertFalse(Files.exists(system.resolve("etc/exports.d/qrm-web1.exports")));
        storage.remove(server, image, bench);
        host.systemd.assertNothingIsLeft();
    }

    @Test
    public void leavesVolumesOfOthersAlone() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        String volume = host.onlyVolume();
        storage.remove(server, image, bench);
        for (String tags : List.of("-", "theirs", "qrmx", "qrm")) { // the last one is of an image that nobody knows
            String theirs = GIB + " linear - - " + tags;
            Files.writeString(volumes.resolve(volume), theirs + "\n");
            assertFails(Kind.CONFLICT, "there is a volume vg/" + volume + " already", () -> create("web1", EMPTY));
            FilesystemImage old = host.systemd.directory("web1");
            assertFails(Kind.CONFLICT, "already", () -> storage.confine(server, old, bench));
            storage.remove(server, old, bench);
            assertEquals(theirs, host.state(volume));
            host.systemd.assertNothingIsLeft();
        }
    }

    @Test
    public void removesAndFormatsNothingThatHasNotItsTag() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        String volume = host.onlyVolume();
        String theirs = GIB + " linear - - theirs";
        Files.writeString(volumes.resolve(volume), theirs + "\n");
        assertFails(Kind.CONFLICT, "has no tag qrm", () -> storage.remove(server, image, bench));
        assertFails(Kind.CONFLICT, "has no tag qrm", () -> storage.grow(server, image, 2, bench));
        assertTrue(
                "still mounted",
                Files.readString(system.resolve("proc/self/mountinfo")).contains(volume));
        Path marker = root.resolve(".qrm/web1");
        Files.writeString(marker, Files.readString(marker).replace("state=ready", "state=filling"));
        host.restart();
        assertFails(Kind.CONFLICT, "has no tag qrm", () -> create("web1", EMPTY));
        assertEquals(theirs, host.state(volume));
    }

    @Test
    public void formatsNoNewVolumeThatIsNotBlank() throws Exception {
        host.systemd.program("blkid", "echo 'TYPE=\"xfs\"'");
        assertFails(Kind.FAILED, "is not blank", () -> create("web1", EMPTY));
        assertTrue(host.state(host.onlyVolume()).endsWith("qrm,qrm-unfinished"));
        assertFalse(Files.exists(system.resolve("dev/vg/" + host.onlyVolume() + ".holds")));
        storage.remove(server, Bench.image("web1", root.resolve("web1")), bench);
        host.assertNothingIsLeft();
    }

    @Test
    public void saysWhatIsMissingInTheVolumeGroup() throws Exception {
        host.isFree(GIB + GIB / 2);
        create("web1", EMPTY);
        assertFails(
                Kind.UNAVAILABLE,
                "web2 needs 1024 MiB, and 512 MiB are free in volume group vg",
                () -> create("web2", EMPTY));
        FilesystemImage image = Bench.image("web1", root.resolve("web1"));
        assertFails(
                Kind.UNAVAILABLE,
                "web1 needs 1024 MiB more, and 512 MiB are free in volume group vg",
                () -> storage.grow(server, image, 2, bench));
        assertEquals(GIB + " linear - - qrm", host.state(host.onlyVolume()));
    }

    @Test
    public void growsWhileItIsUsedAndAgainAfterItWasCutOff() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        storage.setAccess(server, image, MACHINE, bench);
        int step = 1;
        while (host.systemd.killedAt(step, gib(image, 1 + step))) {
            storage.grow(server, image, 1 + step, bench);
            String volume = host.onlyVolume();
            assertEquals((1 + step) * GIB + " linear - - qrm", host.state(volume));
            assertTrue(Files.readString(system.resolve("resized")).endsWith("/dev/vg/" + volume + "\n"));
            host.isFree(10 * GIB);
            step++;
        }
        assertTrue("there are " + step + " steps", step > 5);
        assertFails(Kind.INVALID, "grow only", () -> storage.grow(server, image, 1, bench));
    }

    private Runnable gib(FilesystemImage image, long gib) {
        return () -> storage.grow(server, image, gib, bench);
    }

    @Test
    public void thinVolumesMayPromiseMoreThanTheirPoolHas() throws Exception {
        storage.configure(in("vg/pool"));
        StorageFacts facts = storage.probe(server, bench);
        assertEquals("kernel NFS server; images in thin pool vg/pool", facts.implementation());
        assertEquals(3L << 30, facts.freeBytes());
        assertEquals("", facts.warning());
        FilesystemImage image = create("web1", EMPTY);
        assertEquals(GIB + " thin pool 0.00 qrm", host.state(host.onlyVolume()));
        storage.grow(server, image, 5, bench);
        String warning = storage.probe(server, bench).warning();
        assertEquals(
                "the volumes in thin pool vg/pool may still grow by 5120 MiB, and 3072 MiB are free there", warning);
        Files.writeString(volumes.resolve("pool"), 4 * GIB + " thin-pool - 99.90 -\n");
        assertFails(Kind.UNAVAILABLE, "4 MiB are free in thin pool vg/pool", () -> create("web2", EMPTY));
        storage.remove(server, Bench.image("web2", root.resolve("web2")), bench);
        storage.remove(server, image, bench);
        host.assertNothingIsLeft();
    }

    @Test
    public void theCheckLooksForGroupAndPoolAndSaysWhatIsFree() throws Exception {
        StorageFacts facts = storage.probe(server, bench);
        assertEquals("kernel NFS server; images in volume group vg", facts.implementation());
        assertEquals(10L << 30, facts.freeBytes());
        assertTrue(bench.log.toString(), bench.log.toString().contains("volume group vg; 10240 MiB are free there"));
        storage.configure(in("other"));
        assertFails(Kind.UNAVAILABLE, "no volume group other", () -> storage.probe(server, bench));
        assertFails(Kind.UNAVAILABLE, "no volume group other", () -> create("web1", EMPTY));
        storage.configure(in("vg/other"));
        assertFails(Kind.UNAVAILABLE, "no thin pool other", () -> storage.probe(server, bench));
    }

    @Test
    public void saysWhichNamesLvmTakes() {
        for (String wrong : List.of(
                "",
                "lvm",
                "lvm:",
                "lvm:-a",
                "lvm:.",
                "lvm:..",
                "lvm:a/",
                "lvm:a/..",
                "lvm:a/b/c",
                "lvm:a b",
                "lvm:$(id)",
                "lvm:../a",
                "zfs:",
                "zfs:/tank",
                "zfs:tank/",
                "zfs:1tank",
                "zfs:tank//images",
                "zfs:tank/..",
                "zfs:tank@now",
                "zfs:-r",
                "zfs:tank/a b",
                "zfs:tank/$(id)",
                "zfs:a/b/c/d")) {
            storage.configure(Map.of("imageVolumes", wrong));
            assertFails(Kind.INVALID, "lvm:GROUP/POOL", () -> create("web1", EMPTY));
            assertFails(Kind.INVALID, "lvm:GROUP/POOL", () -> storage.probe(server, bench));
        }
        for (String right :
                List.of("file", "lvm:a", "lvm:a.b_c+d-e/..f", "zfs:tank", "zfs:rpool-2/data.1/qrm_images:x")) {
            new ImageSettings(Map.of("imageVolumes", right)).volumes("store");
        }
    }

    @Test
    public void aStorageServerMayHaveASettingOfItsOwn() {
        Map<String, Object> two =
                Map.of("imageVolumes", "lvm:vg", "imageVolumes.store", "lvm:other", "imageVolumes.x", "?");
        assertEquals("lvm:other", new ImageSettings(two).volumes("store"));
        assertEquals("lvm:vg", new ImageSettings(two).volumes("else"));
        assertFails(Kind.INVALID, "imageVolumes.x", () -> new ImageSettings(two).volumes("x"));
    }

    @Test
    public void whatIsThereGoesOnWhenTheSettingChanges() throws Exception {
        FilesystemImage image = confined("web1");
        storage.configure(Map.of());
        host.restart();
        storage.setAccess(server, image, MACHINE, bench);
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        storage.grow(server, image, 3, bench);
        storage.remove(server, image, bench);
        host.assertNothingIsLeft();
    }

    @Test
    public void anImageThatWasGivenUpIsTakenWithItsVolume() throws Exception {
        storage.configure(in("vg/pool"));
        FilesystemImage image = confined("web1");
        FilesystemImage other = Bench.image("other", Path.of(image.path()));
        assertFails(Kind.CONFLICT, "given up", () -> storage.create(server, other, EMPTY, bench));
        storage.create(server, other, new ImageSource.Existing(), bench);
        host.restart();
        storage.grow(server, other, 20, bench); // more than the group has, but it is thin
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        assertFails(Kind.CONFLICT, "was there before", () -> storage.remove(server, other, bench));
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
    }

    @Test
    public void aConversionThatIsKilledAnywhereLosesNothingAndCanBeRepeated() throws Exception {
        int step = 1;
        boolean killed = true;
        while (killed) {
            FilesystemImage image = host.systemd.directory("web" + step);
            killed = host.systemd.killedAt(step, () -> storage.confine(server, image, bench));
            if (step % 2 == 0) {
                host.restart();
            }
            storage.size(server, image, bench); // as whatever uses it, which mounts it first
            assertEquals("step " + step, "127.0.0.1", Files.readString(Path.of(image.path() + "/etc/hosts")));
            if (step % 3 != 0) {
                storage.confine(server, image, bench);
                assertEquals("step " + step, "127.0.0.1", Files.readString(Path.of(image.path() + "/etc/hosts")));
                assertTrue(host.state(host.onlyVolume()).endsWith(" qrm"));
            }
            storage.remove(server, image, bench);
            host.assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 20);
    }

    @Test
    public void aConversionThatWasBegunInAFileGoesOnInAVolume() throws Exception {
        storage.configure(Map.of("imageGib", "1"));
        FilesystemImage image = host.systemd.directory("web1");
        assertTrue(host.systemd.killedAt(10, () -> storage.confine(server, image, bench)));
        assertTrue(Files.exists(root.resolve(".qrm/disks")));
        storage.configure(in("vg"));
        storage.confine(server, image, bench);
        assertFalse(Files.exists(root.resolve(".qrm/disks/web1.img")));
        assertTrue(Files.exists(Path.of(image.path()).resolve("etc/hosts")));
        storage.remove(server, image, bench);
        host.assertNothingIsLeft();
    }

    @Test
    public void aCreationThatIsKilledAnywhereIsRepeatedOrRemoved() throws Exception {
        int step = 1;
        boolean killed = true;
        while (killed) {
            String name = "web" + step;
            killed = host.systemd.killedAt(step, () -> create(name, EMPTY));
            if (step % 2 == 0) {
                host.restart();
                create(name, EMPTY);
                assertTrue(host.state(host.onlyVolume()).endsWith(" qrm"));
            }
            storage.remove(server, Bench.image(name, root.resolve(name)), bench);
            host.assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 20);
    }

    @Test
    public void aRemovalThatIsKilledAnywhereIsRepeated() throws Exception {
        int step = 1;
        boolean killed = true;
        while (killed) {
            FilesystemImage image = create("web" + step, EMPTY);
            killed = host.systemd.killedAt(step, () -> storage.remove(server, image, bench));
            storage.remove(server, image, bench);
            host.assertNothingIsLeft();
            step++;
        }
        assertTrue("there are " + step + " steps", step > 8);
    }

    private static Map<String, Object> in(String place) {
        return Map.of("imageGib", "1", "imageVolumes", "lvm:" + place);
    }

    private FilesystemImage create(String name, ImageSource source) {
        FilesystemImage image = Bench.image(name, root.resolve(name));
        storage.create(server, image, source, bench);
        return image;
    }

    private FilesystemImage confined(String name) throws Exception {
        FilesystemImage image = host.systemd.directory(name);
        storage.confine(server, image, bench);
        return image;
    }

    private static void assertFails(Kind kind, String saying, org.junit.function.ThrowingRunnable work) {
        QrmException problem = assertThrows(QrmException.class, work);
        assertEquals(problem.getMessage(), kind, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains(saying));
    }
}
