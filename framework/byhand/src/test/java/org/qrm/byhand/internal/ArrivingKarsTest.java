package org.qrm.byhand.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ArrivingKarsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> asked = new ArrayList<>();

    @Test
    public void areThoseThatKarafHasNotUnpacked() throws IOException {
        Path deploy = folder.newFolder("deploy").toPath();
        Path kars = folder.newFolder("kar").toPath();
        Files.createFile(deploy.resolve("new.kar"));
        Files.createFile(deploy.resolve("there.kar"));
        Files.createFile(deploy.resolve("bundle.jar"));
        zip(deploy.resolve("kar.zip"), "META-INF/KARAF.MF");
        zip(deploy.resolve("photos.zip"), "beach.jpg");
        Files.createDirectory(kars.resolve("there"));
        assertEquals(
                List.of(deploy.resolve("kar.zip"), deploy.resolve("new.kar")), ArrivingKars.notUnpacked(deploy, kars));
    }

    @Test(timeout = 20_000)
    public void areWaitedForUntilTheyAreInstalled() throws Exception {
        Path kar = folder.newFile("slow.kar").toPath();
        new ArrivingKars(List.of(kar), name -> asked.add(name) && asked.size() == 3, Duration.ofHours(1)).await();
        assertEquals(List.of("slow", "slow", "slow"), asked);
    }

    @Test(timeout = 20_000)
    public void areNotWaitedForWhenTheirFileGoes() throws Exception {
        Path kar = folder.newFile("gone.kar").toPath();
        new ArrivingKars(List.of(kar), name -> kar.toFile().delete() && !asked.isEmpty(), Duration.ofHours(1)).await();
    }

    @Test(timeout = 20_000)
    public void areNotWaitedForEver() throws Exception {
        Path kar = folder.newFile("broken.kar").toPath();
        new ArrivingKars(List.of(kar), name -> !asked.add(name), Duration.ofMillis(1)).await();
        assertTrue(asked.contains("broken"));
    }

    private static void zip(Path file, String entry) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
        }
    }
}
