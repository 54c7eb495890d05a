package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A third party has the unpacked archive and Maven, and starts a plug-in. Nothing of ours is in its repository but what
 * it copies from the archive. All else comes from what this build has used already, so no network is needed.
 */
public class ArchetypeIT {

    private static final long MINUTES = 5;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path repository;
    private Path settings;

    @Before
    public void copyTheRepositoryOfTheArchive() throws Exception {
        repository = folder.newFolder("repository").toPath();
        assertEquals(
                0,
                new ProcessBuilder(
                                "cp", "-R", UnpackedDistribution.home().resolve("maven") + "/.", repository.toString())
                        .inheritIO()
                        .start()
                        .waitFor());
        settings = folder.newFile("settings.xml").toPath();
        Files.writeString(
                settings,
                "<settings><mirrors><mirror><id>of-this-build</id><mirrorOf>*</mirrorOf><url>"
                        + Path.of(System.getProperty("localRepository")).toUri()
                        + "</url></mirror></mirrors></settings>");
    }

    @Test
    public void aPluginIsWrittenWithTheArchiveAlone() throws Exception {
        assertEquals(0, generate("power-meter").status());
        Path project = folder.getRoot().toPath().resolve("org.example.meter");
        Outcome build = maven(project, "verify");
        assertEquals(build.output(), 0, build.status());
        assertTrue(build.output(), build.output().contains("Tests run: 16, Failures: 0"));
        assertTrue(Files.exists(project.resolve("target/org.example.meter-1.0-SNAPSHOT.jar")));
    }

    @Test
    public void anIdThatTheServerWouldRefuseIsRefused() throws Exception {
        Outcome refused = generate("Power meter");
        assertFalse(refused.output(), refused.status() == 0);
        assertTrue(
                refused.output(), refused.output().contains("pluginId is \"Power meter\"; use 1 to 32 small letters"));
    }

    private Outcome generate(String id) throws Exception {
        return maven(
                folder.getRoot().toPath(),
                "org.apache.maven.plugins:maven-archetype-plugin:" + System.getProperty("archetypePlugin")
                        + ":generate",
                "-DarchetypeCatalog=local",
                "-DarchetypeGroupId=org.qrm",
                "-DarchetypeArtifactId=org.qrm.plugin.archetype",
                "-DarchetypeVersion=" + System.getProperty("version"),
                "-DgroupId=org.example",
                "-DartifactId=org.example.meter",
                "-Dpackage=org.example.meter",
                "-DpluginId=" + id,
                "-DpluginTitle=Power meter");
    }

    private record Outcome(int status, String output) {}

    private Outcome maven(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                System.getProperty("maven"), "-B", "-ntp", "-s", settings.toString(), "-gs", settings.toString()));
        line.add("-Dmaven.repo.local=" + repository);
        line.addAll(List.of(arguments));
        File output = File.createTempFile("output", ".txt", folder.getRoot());
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("Maven did not end: " + Files.readString(output.toPath()));
        }
        return new Outcome(process.exitValue(), Files.readString(output.toPath()));
    }
}
