package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.exec.SshHost;
import org.qrm.api.health.HealthResult;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;

/** The script in a directory that plays the storage server, with a kernel NFS server that is played by a script. */
public class StorageScriptTest {

    private static final ImageSource EMPTY = new ImageSource.Empty();
    private static final ImageSource EXISTING = new ImageSource.Existing();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final NfsTrust trust = new NfsTrust(bench);
    private final NfsStorage storage =
            new NfsStorage(commands, bench, bench.eventLog, trust, Map.of("sharedFileSystems", "allow"));
    private StorageServer server;
    private Path system;
    private Path root;
    private ScriptedHost host;

    @Before
    public void makeAStorageServer() throws Exception {
        host = new ScriptedHost(folder, commands);
        system = host.system;
        root = host.images;
        host.serveNfs();
        server = Bench.server(root);
    }

    @After
    public void stop() {
        storage.stop();
    }

    @Test
    public void findsAKernelServer() {
        assertEquals("kernel NFS server", storage.probe(server, bench).implementation());
    }

    @Test
    public void saysSoWhenArgumentsDoNotArriveAsTheyAre() {
        commands.prefixes.put(
                server.managementAddress(),
                List.of("sh", "-c", "for last; do :; done; exec sh -s -- probe \"$5\" \"$6\" \"$(echo $last)\"", "sh"));
        QrmException problem = assertThrows(QrmException.class, () -> storage.probe(server, bench));
        assertTrue(problem.getMessage(), problem.getMessage().contains("login shell"));
    }

    @Test
    public void takesNothingForDoneWhoseScriptAStartUpFileReads() {
        FilesystemImage image = create("web1", EMPTY);
        commands.prefixes.put(
                server.managementAddress(), List.of("sh", "-c", "cat >/dev/null; exec \"$@\"", "qrm-test"));
        assertFails(Kind.FAILED, () -> storage.setAccess(server, image, List.of(), bench));
        assertFails(Kind.FAILED, () -> storage.remove(server, image, bench));
        assertFails(Kind.FAILED, () -> create("web2", new ImageSource.System("10.0.0.10", null)));
        assertFails(Kind.FAILED, () -> storage.list(server, bench));
    }

    @Test
    public void saysWhatToInstallWhereThereIsNoNfsServer() throws Exception {
        Files.delete(system.resolve("proc/fs/nfsd"));
        QrmException problem = assertThrows(QrmException.class, () -> storage.probe(server, bench));
        assertEquals(Kind.UNAVAILABLE, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains("nfs-kernel-server"));
    }

    @Test
    public void opensAndClosesAnImageOnTheKernelServer() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        Path file = system.resolve("etc/exports.d/qrm-web1.exports");
        storage.setAccess(server, image, List.of(new StorageClient("10.77.0.101", true)), bench);
        assertTrue(Files.readString(file).contains("web1 10.77.0.101(rw,"));
        storage.setAccess(server, image, List.of(), bench);
        assertFalse(Files.exists(file));
        assertEquals("", Files.readString(system.resolve("taken")));
    }

    @Test
    public void knowsWhomItClosesOutByClientsAlone() throws Exception {
        FilesystemImage image = create("a-10.77.0.101", EMPTY);
        Path thread = Files.createDirectories(system.resolve("proc/70")).resolve("stat");
        StorageClient first = new StorageClient("10.77.0.101", true);
        for (StorageClient next :
                List.of(new StorageClient("10.77.0.102", true), new StorageClient("10.77.0.101", false))) {
            Files.writeString(thread, "70 (nfsd) S 2 0\n");
            storage.setAccess(server, image, List.of(first), bench);
            Files.writeString(thread, "70 (nfsd) D 2 0\n");
            QrmException early =
                    assertThrows(QrmException.class, () -> storage.setAccess(server, image, List.of(next), bench));
            assertTrue(early.getMessage(), early.getMessage().contains("is still under way"));
        }
    }

    /** One that was slow read who may mount it before another one closed it. */
    @Test
    public void whatAServerKnewBeforeAnotherOneClosedTheImageIsNotPublishedAfterIt() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        List<StorageClient> one = List.of(new StorageClient("10.77.0.101", true));
        List<StorageClient> two = List.of(new StorageClient("10.77.0.102", true));
        for (List<StorageClient> later : List.of(List.<StorageClient>of(), two)) {
            storage.setAccess(server, image, one, bench);
            AtomicInteger asked = new AtomicInteger();
            storage.setAccess(
                    server,
                    image,
                    () -> {
                        if (asked.incrementAndGet() == 2) {
                            storage.setAccess(server, image, later, bench);
                            return one;
                        }
                        return asked.get() < 2 ? one : later;
                    },
                    bench);
            Path file = system.resolve("etc/exports.d/qrm-web1.exports");
            assertFalse(Files.exists(file) && Files.readString(file).contains("10.77.0.101"));
            assertEquals(later.isEmpty(), !Files.exists(file));
        }
    }

    /** Its server gave it up, and it hung there. */
    @Test
    public void anOldScriptThatAwakesOpensNothing() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        AtomicReference<List<String>> old = new AtomicReference<>();
        commands.before = words -> {
            if (words.contains("publish_export")) {
                old.set(words);
            }
        };
        storage.setAccess(server, image, List.of(new StorageClient("10.77.0.101", true)), bench);
        commands.before = words -> {};
        storage.setAccess(server, image, List.of(), bench);
        List<String> words = old.get();
        int arguments = words.indexOf("publish_export") + 1;
        StorageHost.Answer answer = new StorageHost(
                        commands, new SshHost(server.managementAddress(), 22, server.hostKey()), new Patient())
                .run(
                        bench,
                        "publish",
                        "publish_export",
                        words.subList(arguments, words.size()).toArray(String[]::new));
        assertEquals("yes", answer.value("overtaken"));
        assertFalse(Files.exists(system.resolve("etc/exports.d/qrm-web1.exports")));
    }

    @Test
    public void promisesNothingOfAnImageThatSomebodyElsesExportGivesAway() throws Exception {
        FilesystemImage shared = create("web1", EMPTY);
        FilesystemImage own = create("web2", EMPTY);
        Files.writeString(
                system.resolve("proc/self/mountinfo"), "23 1 254:2 / " + own.path() + " rw - ext4 /dev/vdb rw\n");
        storage.confirmClosed(server, shared, bench);
        Path hand = system.resolve("etc/exports.d/hand.exports");
        Files.createDirectories(hand.getParent());
        for (String line :
                List.of("/ *(ro,crossmnt)", root + " 10.77.0.0/24(rw,crossmnt,sync)", own.path() + "/srv *(rw)")) {
            Files.writeString(hand, line + "\n");
            storage.setAccess(server, own, List.of(new StorageClient("10.77.0.101", true)), bench);
            storage.setAccess(server, own, List.of(), bench); // it is closed, as far as that goes
            QrmException refused = assertThrows(QrmException.class, () -> storage.confirmClosed(server, own, bench));
            assertTrue(refused.getMessage(), refused.getMessage().contains(line.split(" ")[0] + " is exported"));
            String told = storage.probe(server, bench).warning();
            assertTrue(told, told.contains("gives images away"));
        }
        Files.writeString(hand, root + " 10.77.0.0/24(rw,sync)\n");
        storage.setAccess(server, own, List.of(new StorageClient("10.77.0.101", true)), bench);
        storage.setAccess(server, own, List.of(), bench);
        storage.confirmClosed(server, own, bench);
        assertFails(Kind.CONFLICT, () -> storage.confirmClosed(server, shared, bench));
    }

    /** Each file of exports.d is read at once. */
    @Test
    public void isNotClosedForWhatIsWrongInAFileOfSomebodyElse() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        StorageClient machine = new StorageClient("10.77.0.101", true);
        storage.setAccess(server, image, List.of(machine), bench);
        program(
                "exportfs",
                "[ \"$1\" = -ra ] || { echo \"" + image.path() + "  10.77.0.101(rw)\"; exit 0; }"
                        + "; echo 'exportfs: /etc/exports:7: syntax error' >&2; exit 1");
        storage.setAccess(server, image, List.of(machine), bench);
        assertTrue(Files.exists(system.resolve("etc/exports.d/qrm-web1.exports")));
        QrmException stays = assertThrows(QrmException.class, () -> storage.setAccess(server, image, List.of(), bench));
        assertTrue(stays.getMessage(), stays.getMessage().contains("syntax error"));
    }

    /** A thread of the server that hangs in a disk may write yet, whoever was cut off in between. */
    @Test
    public void isNotClosedBeforeWhatHadBegunHasEnded() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        Path threads = system.resolve("proc");
        Files.createDirectories(threads.resolve("70"));
        Files.createDirectories(threads.resolve("71"));
        Files.writeString(threads.resolve("71/stat"), "71 (bash (nfsd) D) D 1 0\n");
        StorageClient lost = new StorageClient("10.77.0.101", true);
        StorageClient other = new StorageClient("10.77.0.102", true);
        for (List<StorageClient> left : List.of(List.<StorageClient>of(), List.of(other))) {
            Files.writeString(threads.resolve("70/stat"), "70 (nfsd) D 2 0\n");
            storage.setAccess(server, image, List.of(lost), bench);
            for (int attempt = left.isEmpty() ? 1 : 2; attempt <= 2; attempt++) {
                QrmException early =
                        assertThrows(QrmException.class, () -> storage.setAccess(server, image, left, bench));
                assertEquals(Kind.UNAVAILABLE, early.problem().kind());
                assertTrue(early.getMessage(), early.getMessage().contains("is still under way"));
            }
            Files.writeString(threads.resolve("70/stat"), "70 (nfsd) S 2 0\n");
            storage.setAccess(server, image, left, bench);
            assertFalse(Files.exists(system.resolve("etc/.qrm-closing-web1")));
        }
        // whom it is opened to waits for nobody
        Files.writeString(threads.resolve("70/stat"), "70 (nfsd) D 2 0\n");
        storage.setAccess(server, image, List.of(other, lost), bench);
    }

    @Test
    public void saysWhereAllMachinesTrustEachOther() throws Exception {
        Map<String, Boolean> sharesWithMounts = new LinkedHashMap<>();
        sharesWithMounts.put("", true); // a directory of the export root's own file system
        sharesWithMounts.put(
                "30 22 254:2 / %s rw - ext4 /dev/vdb rw", true); // the export root is one, and the images' parent
        sharesWithMounts.put("30 22 254:2 / %s/web1 rw - ext4 /dev/vdb rw", false);
        sharesWithMounts.put("30 22 7:0 / %s/web1 rw - ext4 /dev/loop0 rw", false);
        sharesWithMounts.put("30 22 254:3 / %s/web1 rw - xfs /dev/mapper/vg-web1 rw", false);
        sharesWithMounts.put("30 22 0:34 / %s/web1 rw - zfs tank/web1 rw", false);
        sharesWithMounts.put("30 22 0:33 /web1 %s/web1 rw - btrfs /dev/vdb rw", true); // a subvolume
        sharesWithMounts.put("30 22 0:33 / %s/web1 rw - btrfs /dev/vdc rw", false); // all of a btrfs
        sharesWithMounts.put("30 22 254:1 /srv/web1 %s/web1 rw - ext4 /dev/vda1 rw", true); // a bind mount
        sharesWithMounts.put("30 22 254:2 / %s/web10 rw - ext4 /dev/vdb rw", true); // another image
        Files.createDirectories(root.resolve("web1/etc"));
        create("web1", EXISTING);
        bench.servers.add(server);
        for (Map.Entry<String, Boolean> each : sharesWithMounts.entrySet()) {
            boolean shares = each.getValue();
            mountsOnTheServer(each.getKey().formatted(root));
            bench.log.clear();
            String warning = storage.probe(server, bench).warning();
            assertEquals(each.getKey(), shares, warning.contains("trust each other with all images"));
            assertEquals(
                    each.getKey(), shares, bench.log.toString().contains("all machines that use one of them trust"));
            assertEquals(each.getKey(), shares, trust.execute().status() == HealthResult.Status.WARN);
        }
    }

    @Test
    public void warnsOfNoStorageServerThatIsGone() {
        bench.servers.add(server);
        create("web1", EMPTY);
        storage.probe(server, bench);
        String message = trust.execute().message();
        assertTrue(message, message.contains("store (1)"));
        bench.servers.clear();
        assertEquals(HealthResult.Status.OK, trust.execute().status());
    }

    @Test
    public void saysSoWhenAnExportDidNotTakeEffect() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        program("exportfs", "echo \"" + image.path() + "  10.0.0.9(rw)\"");
        assertFails(
                Kind.FAILED,
                () -> storage.setAccess(server, image, List.of(new StorageClient("10.77.0.101", true)), bench));
    }

    @Test
    public void closesAnImageWhoseExportTheServerRefuses() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        program("exportfs", "echo 'no such thing' >&2; exit 1");
        assertFails(
                Kind.FAILED,
                () -> storage.setAccess(server, image, List.of(new StorageClient("10.77.0.101", true)), bench));
        assertFalse(Files.exists(system.resolve("etc/exports.d/qrm-web1.exports")));
    }

    @Test
    public void doesNotTakeOverADirectoryWithContent() throws Exception {
        Files.createDirectories(root.resolve("web1/etc"));
        assertFails(Kind.CONFLICT, () -> create("web1", EMPTY));
    }

    @Test
    public void takesADirectoryAsItIsAndDoesNotRemoveIt() throws Exception {
        Files.createDirectories(root.resolve("web1/etc"));
        FilesystemImage image = create("web1", EXISTING);
        assertTrue(storage.size(server, image, bench) > 0);
        assertFails(Kind.CONFLICT, () -> storage.remove(server, image, bench));
        assertTrue(Files.isDirectory(root.resolve("web1/etc")));
    }

    @Test
    public void takesADirectoryThatAnImageLeftBehind() throws Exception {
        create("web1", EMPTY);
        Files.createDirectory(root.resolve("web1/etc"));
        FilesystemImage other = Bench.image("other", root.resolve("web1"));
        assertFails(Kind.CONFLICT, () -> storage.create(server, other, EMPTY, bench));
        storage.create(server, other, EXISTING, bench);
        assertFails(Kind.CONFLICT, () -> storage.remove(server, other, bench));
        assertTrue(Files.isDirectory(root.resolve("web1/etc")));
    }

    @Test
    public void saysSoWhenTheDirectoryToTakeIsMissing() {
        assertFails(Kind.NOT_FOUND, () -> create("web1", EXISTING));
    }

    @Test
    public void removesWhatItMadeAndNothingIsLeft() throws Exception {
        FilesystemImage image = create("web1", EMPTY);
        Files.createDirectories(Path.of(image.path()).resolve("a/b"));
        Files.createSymbolicLink(Path.of(image.path()).resolve("link"), system);
        storage.remove(server, image, bench);
        storage.remove(server, image, bench);
        assertEquals(List.of(), filesIn(root));
        assertTrue(Files.isDirectory(system));
    }

    @Test
    public void doesNotLeaveTheExportRootThroughALink() throws Exception {
        Files.createSymbolicLink(root.resolve("link"), Files.createDirectory(system.resolve("elsewhere")));
        assertFails(Kind.INVALID, () -> create("link/web1", EMPTY));
        assertFails(Kind.INVALID, () -> storage.remove(server, Bench.image("web1", root.resolve("link")), bench));
        assertEquals(List.of(), filesIn(system.resolve("elsewhere")));
    }

    @Test
    public void wantsTheRealPathOfTheExportRoot() throws Exception {
        Path link = Files.createSymbolicLink(system.resolve("link"), root);
        assertFails(Kind.INVALID, () -> storage.probe(Bench.server(link), bench));
    }

    @Test
    public void refusesImagesInsideImages() {
        create("web1", EMPTY);
        assertFails(
                Kind.CONFLICT,
                () -> storage.create(server, Bench.image("inner", root.resolve("web1/inner")), EMPTY, bench));
        create("deep/inside", EMPTY);
        assertFails(
                Kind.CONFLICT,
                () -> storage.create(server, Bench.image("outer", root.resolve("deep")), EXISTING, bench));
    }

    @Test
    public void refusesPathsOutsideTheExportRoot() {
        for (String path : List.of(root.toString(), system.toString(), root + "/../system", root + "/a b")) {
            assertFails(Kind.INVALID, () -> storage.remove(server, Bench.image("web1", Path.of(path)), bench));
        }
    }

    @Test
    public void unpacksArchivesOfEachCompression() throws Exception {
        assumeTrue("skipped: only root can give files their owners", isRoot());
        for (String compression : List.of("", "--gzip", "--xz", "--zstd")) {
            Path archive = archive("root" + compression + ".tar", compression);
            FilesystemImage image = create("i" + compression, new ImageSource.Archive(archive.toString()));
            Path file = Path.of(image.path()).resolve("etc/owned");
            assertEquals("content", Files.readString(file));
            assertEquals(1234, Files.getAttribute(file, "unix:uid"));
            assertEquals("rwsr-x---", ls(file));
        }
        assertTrue(bench.fractions.stream().allMatch(f -> f >= 0 && f <= 1));
    }

    @Test
    public void leavesNothingUnderTheNameOfAnImageWhoseArchiveIsBroken() throws Exception {
        assumeTrue("skipped: only root can give files their owners", isRoot());
        Path archive = archive("broken.tar", "--gzip");
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertFails(Kind.FAILED, () -> create("web1", new ImageSource.Archive(archive.toString())));
        assertFalse(Files.exists(root.resolve("web1")));

        Files.write(archive, whole);
        create("web1", new ImageSource.Archive(archive.toString()));
        assertTrue(Files.exists(root.resolve("web1/etc/owned")));
        assertEquals(List.of(".qrm", "web1"), filesIn(root));
    }

    @Test
    public void leavesRoomToOthersWhenMoreIsUnpackedThanFits() throws Exception {
        assumeTrue("skipped: only root can give files their owners", isRoot());
        Path archive = archive("bomb.tar", "--gzip");
        Path unpacking = system.resolve("unpacking");
        program("tar", "echo >'" + unpacking + "'; exec sleep 300");
        program("df", "echo; [ -e '" + unpacking + "' ] && echo x 0 0 40000 0% x || echo x 0 0 1000000 0% x");
        QrmException problem =
                assertThrows(QrmException.class, () -> create("web1", new ImageSource.Archive(archive.toString())));
        assertEquals(Kind.UNAVAILABLE, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains("less than a twentieth of the room"));
        assertEquals(List.of(".qrm"), filesIn(root));
    }

    @Test
    public void saysSoWhenTheArchiveIsMissing() {
        assertFails(Kind.NOT_FOUND, () -> create("web1", new ImageSource.Archive("/no/such.tar")));
    }

    @Test
    public void makesAFreshDebianFromWhereTheStorageServerGetsItsOwn() throws Exception {
        Files.createDirectories(system.resolve("etc/apt"));
        Files.writeString(
                system.resolve("etc/apt/sources.list"),
                "deb http://security.example/debian-security bookworm main\n"
                        + "deb [signed-by=/k] http://mirror.example/debian bookworm main\n");
        program("debootstrap", "for last; do :; done; echo \"$*\" >\"$5/words\" && echo I: Base >&2");
        FilesystemImage image =
                create("fresh", new ImageSource.Debootstrap("bookworm", List.of("openssh-server", "rsync")));
        assertEquals(
                "--force-check-gpg --variant=minbase --include=init,udev,kmod,dbus,iproute2,netbase,openssh-server,rsync bookworm "
                        + root
                        + "/.qrm-fresh.part http://mirror.example/debian\n",
                Files.readString(Path.of(image.path()).resolve("words")));
        assertTrue(bench.log.contains("I: Base"));
    }

    /** Suite, the mirror that is used or "", then files with their content, as systems have them. */
    private static final List<List<String>> MIRRORS = List.of(
            List.of("bookworm", ""),
            List.of(
                    "bookworm",
                    "http://deb.debian.org/debian",
                    "sources.list.d/docker.list",
                    "deb [arch=amd64 signed-by=/k] https://download.docker.com/linux/debian bookworm stable\n",
                    "sources.list.d/debian.sources",
                    "Types: deb\nURIs: http://deb.debian.org/debian/\nSuites: trixie trixie-updates\nComponents: main non-free-firmware\n"),
            List.of(
                    "bookworm",
                    "https://deb.debian.org/debian",
                    "sources.list.d/caddy.list",
                    "deb https://dl.cloudsmith.io/public/caddy/stable/deb/debian any-version main\n",
                    "sources.list",
                    "# deb cdrom:[Debian 12]/ bookworm main\n#deb http://x/debian bookworm main\ndeb https://deb.debian.org/debian bookworm main\n"),
            List.of(
                    "trixie",
                    "http://ftp.de.debian.org/debian",
                    "sources.list.d/debian.sources",
                    "Types: deb deb-src\nEnabled: no\nURIs: http://old.example/debian\nSuites: trixie\nComponents: main\n\n"
                            + "# comment\nTypes: deb-src\nURIs: http://source.example/debian\nSuites: trixie\nComponents: main\n\n"
                            + "Types: deb\nURIs: http://security.debian.org/debian-security\nSuites: trixie-security\nComponents: main\n\n"
                            + "Types: deb\nURIs:\n http://ftp.de.debian.org/debian\n http://ftp2.de.debian.org/debian\nSuites: trixie\nComponents: main\n"),
            List.of(
                    "bookworm",
                    "",
                    "sources.list.d/ubuntu.sources",
                    "Types: deb\nURIs: http://archive.ubuntu.com/ubuntu/\nSuites: noble\nComponents: main universe\n"),
            List.of(
                    "jammy",
                    "http://archive.ubuntu.com/ubuntu",
                    "sources.list",
                    "deb http://archive.ubuntu.com/ubuntu/ noble main restricted\ndeb http://security.ubuntu.com/ubuntu noble-security main\n"),
            List.of("jammy", "", "sources.list", "deb http://deb.debian.org/debian bookworm main\n"),
            List.of(
                    "bookworm",
                    "http://apt.site/mirror/bookworm",
                    "sources.list.d/pgdg.list",
                    "deb http://apt.postgresql.org/pub/repos/apt bookworm-pgdg main\n",
                    "sources.list",
                    "deb http://apt.site/mirror/bookworm bookworm main contrib\n"),
            List.of(
                    "bookworm",
                    "http://deb.debian.org/debian",
                    "sources.list.d/pve.list",
                    "deb http://download.proxmox.com/debian/pve bookworm pve-no-subscription\n",
                    "sources.list",
                    "deb [ arch=amd64 ] http://deb.debian.org/debian bookworm main\n"),
            List.of(
                    "bookworm",
                    "",
                    "sources.list.d/hashicorp.list",
                    "deb [signed-by=/k] https://apt.releases.hashicorp.com bookworm main\n"),
            List.of(
                    "bookworm",
                    "",
                    "sources.list",
                    "deb cdrom:[x]/ bookworm main\ndeb file:/srv/debian bookworm main\n"));

    @Test
    public void takesTheMirrorOfTheSuitesDistributionAndNothingElseForOne() throws Exception {
        Path scripts = Files.createDirectories(system.resolve("usr/share/debootstrap/scripts"));
        Files.createSymbolicLink(scripts.resolve("jammy"), Path.of("gutsy"));
        Files.createSymbolicLink(scripts.resolve("bookworm"), Path.of("sid"));
        program(
                "debootstrap",
                "[ \"$1\" != --force-check-gpg ] || shift; mkdir \"$4/usr\"; echo \"${5-}\" >\"$4/words\"");
        int number = 0;
        for (List<String> each : MIRRORS) {
            GaneshaHost.run("rm", "-rf", system.resolve("etc/apt").toString());
            Files.createDirectories(system.resolve("etc/apt/sources.list.d"));
            for (int i = 2; i < each.size(); i += 2) {
                Files.writeString(system.resolve("etc/apt").resolve(each.get(i)), each.get(i + 1));
            }
            FilesystemImage image = create("fresh" + number, new ImageSource.Debootstrap(each.get(0), List.of()));
            assertEquals(
                    each.toString(),
                    each.get(1) + "\n",
                    Files.readString(Path.of(image.path()).resolve("words")));
            number++;
        }
    }

    /** What debootstrap says, each of sites of others, and what it takes for the reason. */
    @Test
    public void saysWhyDebootstrapFailed() throws Exception {
        Files.createDirectories(system.resolve("etc/apt"));
        Files.writeString(system.resolve("etc/apt/sources.list"), "deb https://mirror.example/debian bookworm main\n");
        for (String said : List.of(
                "E: Release signed by unknown key (key id CBF8D6FD518E17E1)",
                "E: Failed getting release file https://mirror.example/debian/dists/bookworm/Release",
                "E: No such script: /usr/share/debootstrap/scripts/trixie",
                "E: Cannot install into target '/x' mounted with noexec or nodev",
                "E: Couldn't find these debs: no-such-package",
                "E: Invalid Release file, no entry for main/binary-amd64/Packages")) {
            program(
                    "debootstrap",
                    "mkdir -p \"$4/debootstrap\"; echo 'ERROR: The certificate is not trusted.' >\"$4/debootstrap/debootstrap.log\"\n"
                            + "[ \"$1\" = --variant=minbase ] || exit 99\n"
                            + "cat >&2 <<'E'\nW: something odd\n" + said + "\nE: the last\nE\nexit 3");
            QrmException failed = assertThrows(
                    QrmException.class, () -> create("web1", new ImageSource.Debootstrap("bookworm", List.of())));
            assertEquals(
                    "debootstrap ended with status 3; it said: " + said,
                    failed.problem().reason());
            assertTrue(bench.log.toString(), bench.log.contains("ERROR: The certificate is not trusted."));
        }
    }

    /** Settings of apt (apt.conf(5)), and what debootstrap finds in its environment. */
    @Test
    public void takesTheProxyByWhichTheStorageServerGetsItsPackages() throws Exception {
        Map<String, String> cases = new LinkedHashMap<>();
        cases.put("", " ");
        cases.put("Acquire::http::Proxy=http://apt.site:3142", "http://apt.site:3142 http://apt.site:3142");
        cases.put("acquire::HTTP::proxy=http://a:1/", "http://a:1/ http://a:1/");
        cases.put("Acquire::http::Proxy=DIRECT", " ");
        cases.put("Acquire::http::Proxy=http://a:1\nAcquire::https::Proxy=http://b:2", "http://a:1 http://b:2");
        cases.put("Acquire::https::Proxy=http://b:2", " http://b:2");
        cases.put("Acquire::http::Proxy=http://a:1\nAcquire::https::Proxy=DIRECT", "http://a:1 ");
        cases.put("Acquire::http::Proxy=http://old:1\nAcquire::http::Proxy=http://new:2", "http://new:2 http://new:2");
        cases.put("Acquire::http::Proxy::mirror.example=DIRECT", " ");
        cases.put("Acquire::http::Proxy=socks5h://s:1080", " ");
        program("debootstrap", "mkdir \"$4/usr\"; echo \"${http_proxy-} ${https_proxy-}\" >\"$4/words\"");
        int number = 0;
        for (Map.Entry<String, String> each : cases.entrySet()) {
            program("apt-config", "cat <<'E'\n" + each.getKey() + "\nE");
            FilesystemImage image = create("fresh" + number, new ImageSource.Debootstrap("bookworm", List.of()));
            assertEquals(
                    each.getKey(),
                    each.getValue() + "\n",
                    Files.readString(Path.of(image.path()).resolve("words")));
            number++;
        }
    }

    /** The first octets of files, and what they are. */
    private static final Map<String, String> NO_TARS = Map.of(
            "070701", "a cpio archive",
            "070707", "a cpio archive",
            "PK\003\004ab", "a zip archive",
            "hsqsab", "a file system (squashfs)",
            "QFI\373ab", "the disk of a virtual machine (qcow2)",
            "KDMVab", "the disk of a virtual machine (VMDK)",
            "!<arch>", "a Debian package",
            "\355\253\356\333ab", "an RPM package",
            "7z\274\257'\034", "a 7z archive");

    @Test
    public void namesWhatIsNoTarArchive() throws Exception {
        for (Map.Entry<String, String> each : NO_TARS.entrySet()) {
            Path archive = Files.write(
                    system.resolve("odd"),
                    (each.getKey() + "rest").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            QrmException refused =
                    assertThrows(QrmException.class, () -> create("web1", new ImageSource.Archive(archive.toString())));
            assertEquals(each.getValue(), Kind.INVALID, refused.problem().kind());
            assertTrue(refused.getMessage(), refused.getMessage().contains("is " + each.getValue()));
        }
    }

    /** How archives come, with commands that make them of {@code $1}. */
    private static final List<String> PACKED = List.of(
            "zstd -q --long=31 -c <$1", // wider than zstd unpacks by itself
            "{ printf '\\120\\052\\115\\030\\004\\000\\000\\000abcd'; zstd -q -c <$1; }", // a frame that is skipped, as
            // of pzstd
            "xz --format=lzma -c <$1",
            "gzip -c <$1; gzip -c </dev/null", // of several members, as of bgzip
            "split -b 20000 - $1.part. <$1 && cat $1.part.*");

    /** Packed from a running machine, as many are. */
    @Test
    public void anArchiveBringsNeitherDisksNorAddressesOfItsMachine() throws Exception {
        assumeTrue("skipped: only root can give files their owners", isRoot());
        archive("root.tar", "");
        Path etc = system.resolve("tree/etc");
        Files.createDirectories(etc.resolve("netplan"));
        Files.writeString(etc.resolve("netplan/01.yaml"), "network: {ethernets: {eno1: {addresses: [10.0.0.4/24]}}}\n");
        Files.createDirectories(etc.resolve("systemd/system"));
        Files.writeString(etc.resolve("systemd/system/data.mount"), "[Mount]\nWhat=LABEL=data\nWhere=/data\n");
        Files.writeString(etc.resolve("fstab"), "UUID=1 / ext4 defaults 0 1\n10.0.0.1:/home /home nfs defaults 0 0\n");
        Path archive = archive("machine.tar", "--gzip");
        FilesystemImage image = create("web1", new ImageSource.Archive(archive.toString()));
        Path unpacked = Path.of(image.path()).resolve("etc");
        assertFalse(Files.exists(unpacked.resolve("netplan/01.yaml")));
        assertTrue(Files.exists(unpacked.resolve("qrm/source/etc/netplan/01.yaml")));
        assertTrue(Files.exists(unpacked.resolve("qrm/source/etc/systemd/system/data.mount")));
        assertEquals(
                "#qrm: not on machines that boot from the network# UUID=1 / ext4 defaults 0 1\n"
                        + "10.0.0.1:/home /home nfs defaults 0 0\n",
                Files.readString(unpacked.resolve("fstab")));
    }

    @Test
    public void unpacksWhatOthersPackInOddWays() throws Exception {
        assumeTrue("skipped: only root can give files their owners", isRoot());
        Path archive = archive("root.tar", "");
        int number = 0;
        for (String command : PACKED) {
            Path packed = system.resolve("packed" + number);
            GaneshaHost.run("sh", "-c", "(" + command.replace("$1", archive.toString()) + ") >" + packed);
            FilesystemImage image = create("odd" + number, new ImageSource.Archive(packed.toString()));
            assertEquals(
                    command, "content", Files.readString(Path.of(image.path()).resolve("etc/owned")));
            number++;
        }
    }

    @Test
    public void saysWhatTheUnpackerSaid() throws Exception {
        assumeTrue("skipped: only root can give files their owners", isRoot());
        Path archive = archive("broken.tar", "--gzip");
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, java.util.Arrays.copyOf(whole, whole.length / 2));
        QrmException failed =
                assertThrows(QrmException.class, () -> create("web1", new ImageSource.Archive(archive.toString())));
        assertTrue(failed.getMessage(), failed.getMessage().contains("could not be unpacked; it said: "));
        Files.writeString(archive, "no archive at all, but a page that says 404".repeat(40));
        failed = assertThrows(QrmException.class, () -> create("web1", new ImageSource.Archive(archive.toString())));
        assertTrue(
                failed.getMessage(),
                failed.getMessage().contains("it said: tar: This does not look like a tar archive"));
    }

    /** A file of the archive, and whether a root file system begins with it. */
    private static final List<String> TOPS = List.of(
            "yes usr/lib/os-release",
            "yes etc/hostname",
            "yes bin/sh",
            "no rootfs/etc/hostname", // LXD's and LXC's images, Buildroot's host directory
            "no metadata.yaml",
            "no manifest.json", // docker save
            "no blobs/sha256/0a", // OCI
            "no disk.raw", // Debian's cloud images
            "no debian-12/usr/lib/os-release",
            "no etc"); // a file

    @Test
    public void takesNoArchiveForARootFileSystemThatIsNone() throws Exception {
        assumeTrue("skipped: only root can give files their owners", isRoot());
        for (String each : TOPS) {
            String file = each.split(" ")[1];
            Path tree = system.resolve("top");
            GaneshaHost.run("rm", "-rf", tree.toString());
            Files.createDirectories(tree.resolve(file).getParent());
            Files.writeString(tree.resolve(file), "");
            Path archive = system.resolve("top.tar");
            GaneshaHost.run("tar", "-cf", archive.toString(), "-C", tree.toString(), ".");
            String name = file.replaceAll("[^a-z]", "");
            ImageSource source = new ImageSource.Archive(archive.toString());
            if (each.startsWith("yes")) {
                assertTrue(
                        each, Files.exists(Path.of(create(name, source).path()).resolve(file)));
            } else {
                QrmException refused = assertThrows(QrmException.class, () -> create("no" + name, source));
                assertEquals(each, Kind.INVALID, refused.problem().kind());
                assertTrue(refused.getMessage(), refused.getMessage().contains("but: " + file.split("/")[0]));
                assertFalse(Files.exists(root.resolve("no" + name)));
            }
        }
    }

    @Test
    public void refusesSuitesAndPackagesThatWouldBeOptions() {
        for (ImageSource.Debootstrap hostile : List.of(
                new ImageSource.Debootstrap("--foreign", List.of()),
                new ImageSource.Debootstrap("a b", List.of()),
                new ImageSource.Debootstrap("bookworm", List.of("a,b")),
                new ImageSource.Debootstrap("bookworm", List.of("$(id)")))) {
            assertFails(Kind.INVALID, () -> create("web1", hostile));
        }
    }

    @Test
    public void aCancelEndsWorkThatHangs() throws Exception {
        program("debootstrap", "echo hanging >&2; exec sleep 300");
        bench.cancelled = true;
        assertThrows(
                CancelledException.class, () -> create("web1", new ImageSource.Debootstrap("bookworm", List.of())));
    }

    @Test
    public void pinsTheKeyOfAServerAtTheFirstContactAndSaysSo() {
        StorageServer fresh = new StorageServer("store", "nfs", "10.0.0.1", "10.0.0.1", root.toString(), null);
        storage.probe(fresh, bench);
        assertEquals("ecdsa-sha2-nistp256 AAAA", bench.pinned);
        assertEquals(1, bench.eventLog.all().size());
        assertTrue(
                bench.eventLog.all().get(0).description(),
                bench.eventLog.all().get(0).description().contains("SHA256:"));
    }

    private FilesystemImage create(String name, ImageSource source) {
        FilesystemImage image = Bench.image(name.replace('/', '-'), root.resolve(name));
        storage.create(server, image, source, bench);
        return image;
    }

    private void mountsOnTheServer(String lines) throws Exception {
        Path file = system.resolve("proc/self/mountinfo");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n" + lines + "\n");
    }

    private void program(String name, String body) throws Exception {
        host.program(name, body);
    }

    private Path archive(String name, String compression) throws Exception {
        Path tree = Files.createDirectories(system.resolve("tree/etc"));
        Path file = Files.writeString(tree.resolve("owned"), "content");
        Files.setAttribute(file, "unix:uid", 1234);
        GaneshaHost.run("chmod", "4750", file.toString());
        Path archive = system.resolve(name);
        GaneshaHost.run(
                "sh",
                "-c",
                "tar $1 -cf \"$2\" -C \"$3\" .",
                "sh",
                compression,
                archive.toString(),
                tree.getParent().toString());
        return archive;
    }

    private static String ls(Path file) throws Exception {
        Process process = new ProcessBuilder("stat", "-c", "%A", file.toString()).start();
        return new String(process.getInputStream().readAllBytes()).strip().substring(1);
    }

    private static boolean isRoot() throws Exception {
        return ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")) == 0;
    }

    private static List<String> filesIn(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertFails(Kind kind, org.junit.function.ThrowingRunnable work) {
        QrmException problem = assertThrows(QrmException.class, work);
        assertEquals(problem.getMessage(), kind, problem.problem().kind());
    }
}
