package org.qrm.core.image;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.health.HealthResult;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;
import org.qrm.core.store.Database;
import org.qrm.core.store.TestDatabase;

public class BootImageServiceTest {

    private static final long LIMIT = 1024 * 1024;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Database database = TestDatabase.fresh();
    private Path files;
    private BootImageService images;

    @Before
    public void start() throws IOException {
        Path boot = folder.newFolder("boot").toPath();
        Files.createDirectories(boot.resolve("idle"));
        Files.writeString(boot.resolve("idle/vmlinuz"), "kernel");
        Files.writeString(boot.resolve("idle/initrd.img"), "initrd");
        files = folder.getRoot().toPath().resolve("images");
        images = new BootImageService(database, new BootFileStore(files, LIMIT), new IdleImage(boot, data()));
    }

    @After
    public void close() {
        database.close();
    }

    @Test
    public void theIdleEnvironmentIsThereFromTheStart() throws IOException {
        BootImage idle = images.find(BootImage.DEFAULT).orElseThrow();
        assertEquals("vmlinuz", idle.file(BootFile.Role.KERNEL).orElseThrow().name());
        assertEquals(
                "kernel", Files.readString(images.content("default", "vmlinuz").orElseThrow()));
    }

    @Test
    public void theIdleEnvironmentIsNotChanged() {
        assertEquals(Problem.Kind.CONFLICT, refused(() -> put("default", "vmlinuz", "evil")));
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.delete("default")));
    }

    @Test
    public void storesAFileAndItsDigest() throws IOException {
        images.create("web", Loader.LINUX, null, "");
        BootImage image = put("web", "vmlinuz", "hello");
        BootFile file = image.file(BootFile.Role.KERNEL).orElseThrow();
        assertEquals("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", file.sha256());
        assertEquals(5, file.size());
        assertEquals("hello", Files.readString(images.content("web", "vmlinuz").orElseThrow()));
    }

    @Test
    public void aFileOfTheSameNameReplacesTheOneBeforeAndLeavesNothingOfIt() throws IOException {
        images.create("web", Loader.LINUX, null, "");
        put("web", "vmlinuz", "one");
        put("web", "vmlinuz", "two");
        assertEquals("two", Files.readString(images.content("web", "vmlinuz").orElseThrow()));
        assertEquals(1, filesOf("web").size());
    }

    @Test
    public void aStreamThatBreaksLeavesWhatWasThere() throws IOException {
        images.create("web", Loader.LINUX, null, "");
        put("web", "vmlinuz", "whole");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertEquals(
                Problem.Kind.FAILED, refused(() -> images.putFile("web", "vmlinuz", BootFile.Role.KERNEL, broken)));
        assertEquals("whole", Files.readString(images.content("web", "vmlinuz").orElseThrow()));
        assertEquals(1, filesOf("web").size());
    }

    @Test
    public void refusesAFileBeyondTheLimitAndKeepsNothingOfIt() throws IOException {
        images.create("web", Loader.LINUX, null, "");
        InputStream large = new ByteArrayInputStream(new byte[(int) LIMIT + 1]);
        assertEquals(
                Problem.Kind.TOO_LARGE, refused(() -> images.putFile("web", "vmlinuz", BootFile.Role.KERNEL, large)));
        assertEquals(List.of(), filesOf("web"));
        assertTrue(images.content("web", "vmlinuz").isEmpty());
    }

    @Test
    public void answersOnlyFilesThatTheImageLists() throws IOException {
        images.create("web", Loader.LINUX, null, "");
        put("web", "vmlinuz", "one");
        Files.writeString(files.resolve("web/stray"), "x");
        for (String name : List.of("stray", "../web/stray", "..", "", "/etc/passwd", "vmlinuz/")) {
            assertFalse(name, images.content("web", name).isPresent());
        }
        assertFalse(images.content("../images/web", "vmlinuz").isPresent());
    }

    @Test
    public void refusesNamesThatAreNoNames() {
        images.create("web", Loader.LINUX, null, "");
        assertEquals(Problem.Kind.INVALID, refused(() -> put("web", "../vmlinuz", "x")));
        assertEquals(Problem.Kind.INVALID, refused(() -> images.create("a/b", Loader.LINUX, null, "")));
        assertEquals(Problem.Kind.NOT_FOUND, refused(() -> put("../web", "vmlinuz", "x")));
    }

    @Test
    public void refusesANameThatIsTaken() {
        images.create("web", Loader.LINUX, null, "");
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.create("web", Loader.MULTIBOOT, null, "")));
    }

    @Test
    public void isNotDeletedWhileAVirtualEnvironmentBootsIt() {
        images.create("web", Loader.LINUX, null, "");
        letAVirtualEnvironmentBoot("web");
        QrmException refused = assertThrows(QrmException.class, () -> images.delete("web"));
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.getMessage().contains("shop"));
    }

    @Test
    public void itsDescriptionChangesAtAnyTimeItsLoaderWhileNothingBootsIt() {
        images.create("web", Loader.LINUX, null, "old");
        assertEquals(
                new BootImage("web", Loader.MULTIBOOT, List.of(), null, "new"),
                images.update("web", Loader.MULTIBOOT, "new"));
        letAVirtualEnvironmentBoot("web");
        assertEquals("newer", images.update("web", Loader.MULTIBOOT, "newer").description());
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.update("web", Loader.LINUX, "newer")));
        assertEquals(Problem.Kind.INVALID, refused(() -> images.update("web", Loader.MULTIBOOT, "x".repeat(1001))));
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.update("default", Loader.LINUX, "mine")));
        assertEquals(Problem.Kind.NOT_FOUND, refused(() -> images.update("none", Loader.LINUX, "")));
    }

    @Test
    public void aFileIsRemovedWhileNothingBootsTheImage() throws IOException {
        images.create("web", Loader.LINUX, null, "");
        put("web", "vmlinuz", "one");
        put("web", "stray", "two");
        assertEquals(Problem.Kind.NOT_FOUND, refused(() -> images.deleteFile("web", "../vmlinuz")));
        assertEquals(
                List.of("vmlinuz"),
                images.deleteFile("web", "stray").files().stream()
                        .map(BootFile::name)
                        .toList());
        assertEquals("nothing of it is left", 1, filesOf("web").size());
        letAVirtualEnvironmentBoot("web");
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.deleteFile("web", "vmlinuz")));
        assertTrue(images.content("web", "vmlinuz").isPresent());
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.deleteFile("default", "vmlinuz")));
    }

    private void letAVirtualEnvironmentBoot(String image) {
        database.change(change -> {
            change.handle()
                    .execute("insert into storage_server (name, type, address, management_address, export_root) values"
                            + " ('s', 'nfs', '10.0.0.1', 'h', '/x')");
            change.handle()
                    .execute("insert into filesystem_image (name, storage_server, path, state, reason, size_bytes,"
                            + " description) values ('i', 's', '/x/i', 'READY', '', 0, '')");
            return change.handle()
                    .execute(
                            "insert into environment (name, boot_image, filesystem_image, mode, runs_on, cpus, cpu_mhz,"
                                    + " memory_mb, nics, kernel_arguments, description, state, reason, version) values"
                                    + " ('shop', ?, 'i', 'SINGLE', 'node', 1, 1, 1, 1, '', '', 'INACTIVE', '', 0)",
                            image);
        });
    }

    @Test
    public void deletingItRemovesItsFiles() {
        images.create("web", Loader.LINUX, null, "");
        put("web", "vmlinuz", "one");
        images.delete("web");
        assertTrue(images.find("web").isEmpty());
        assertFalse(Files.exists(files.resolve("web")));
        assertEquals(Problem.Kind.NOT_FOUND, refused(() -> images.delete("web")));
    }

    @Test
    public void listsInTheOrderOfNamesPageByPage() {
        images.create("b", Loader.LINUX, null, "");
        images.create("a", Loader.LINUX, null, "");
        var first = images.list(new PageRequest(2, null));
        assertEquals(
                List.of("a", "b"), first.items().stream().map(BootImage::name).toList());
        var second = images.list(new PageRequest(2, first.next()));
        assertEquals(
                List.of("default"), second.items().stream().map(BootImage::name).toList());
    }

    @Test
    public void saysThatTheIdleEnvironmentIsMissing() throws IOException {
        IdleImage missing = new IdleImage(folder.newFolder("empty").toPath(), data());
        assertEquals(HealthResult.Status.WARN, missing.execute().status());
        assertEquals(List.of(), missing.image().files());
    }

    @Test
    public void saysThatTheIdleEnvironmentIsDamaged() throws IOException {
        Path boot = folder.getRoot().toPath().resolve("boot");
        Files.writeString(boot.resolve("manifest"), "idle/vmlinuz=" + "0".repeat(64) + "\n");
        IdleImage damaged = new IdleImage(boot, data());
        assertTrue(damaged.execute().message(), damaged.execute().message().contains("SHA-256"));
        assertArrayEquals(
                new String[] {"initrd.img"},
                damaged.image().files().stream().map(BootFile::name).toArray());
    }

    @Test
    public void whatTheSiteAddsStandsBehindTheInitrd() throws IOException {
        Path boot = folder.getRoot().toPath().resolve("boot");
        for (int size = 1; size <= 4; size++) {
            Files.writeString(boot.resolve("idle/initrd.img"), "x".repeat(size));
            add("b.img", "070701 the second");
            add("a.img", "070701 the first");
            add("README", "no archive");
            IdleImage idle = new IdleImage(boot, data());
            BootFile initrd = idle.image().file(BootFile.Role.INITRD).orElseThrow();
            byte[] joined = Files.readAllBytes(idle.path(initrd));
            assertEquals(
                    "x".repeat(size) + "\0".repeat(4 - size) + "070701 the first070701 the second",
                    new String(joined, StandardCharsets.ISO_8859_1));
            assertEquals(joined.length, initrd.size());
            assertEquals(BootFileStore.sha256(idle.path(initrd)), initrd.sha256());
            assertEquals(
                    "The idle environment is complete, with a.img, b.img added.",
                    idle.execute().message());
        }
    }

    @Test
    public void whatNoKernelUnpacksIsNotAdded() throws IOException {
        Path boot = folder.getRoot().toPath().resolve("boot");
        for (String beginning : List.of("", "0707", "070707", "!<arch>\ndebian", "\u007fELF", "PK\3\4")) {
            add("nic.img", beginning);
            IdleImage idle = new IdleImage(boot, data());
            BootFile initrd = idle.image().file(BootFile.Role.INITRD).orElseThrow();
            assertEquals(beginning, "initrd", Files.readString(idle.path(initrd)));
            assertEquals(HealthResult.Status.WARN, idle.execute().status());
            String why = idle.execute().message();
            assertTrue(why, why.contains("nic.img is no archive that a kernel unpacks"));
        }
    }

    @Test
    public void moreThanMachinesBearIsNotAdded() throws IOException {
        add("a.img", "070701 little");
        add("b.img", "070701 much");
        try (FileChannel much = FileChannel.open(data().resolve("idle/b.img"), StandardOpenOption.WRITE)) {
            much.write(ByteBuffer.wrap(new byte[1]), AddedArchives.MOST_BYTES);
        }
        IdleImage idle = new IdleImage(folder.getRoot().toPath().resolve("boot"), data());
        BootFile initrd = idle.image().file(BootFile.Role.INITRD).orElseThrow();
        assertEquals("initrd\0\0" + "070701 little", Files.readString(idle.path(initrd)));
        assertTrue(idle.execute().message(), idle.execute().message().contains("b.img is too much"));
    }

    @Test
    public void machinesIdleWithoutWhatCannotBeWritten() throws IOException {
        add("nic.img", "070701 firmware");
        Files.writeString(data().resolve("boot"), "in the way");
        IdleImage idle = new IdleImage(folder.getRoot().toPath().resolve("boot"), data());
        BootFile initrd = idle.image().file(BootFile.Role.INITRD).orElseThrow();
        assertEquals("initrd", Files.readString(idle.path(initrd)));
        String why = idle.execute().message();
        assertTrue(why, why.contains("initrd.img cannot be written"));
    }

    private Path data() {
        return folder.getRoot().toPath().resolve("data");
    }

    private void add(String name, String content) throws IOException {
        Files.write(
                Files.createDirectories(data().resolve("idle")).resolve(name),
                content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private BootImage put(String image, String file, String content) {
        return images.putFile(
                image, file, BootFile.Role.KERNEL, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    private List<Path> filesOf(String image) throws IOException {
        try (Stream<Path> found = Files.list(files.resolve(image))) {
            return found.toList();
        }
    }

    private static Problem.Kind refused(Runnable attempt) {
        return assertThrows(QrmException.class, attempt::run).problem().kind();
    }
}
