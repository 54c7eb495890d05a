package org.qrm.cli.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** bin/qrm, bin/qrm-plugin and bin/qrm-configurator with a {@code java} that only tells how it was called. */
public class ScriptsTest {

    private static final Path BIN = Path.of("src/main/distribution/bin");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path home;
    private final Map<String, String> environment = new HashMap<>();
    private int status;

    @Before
    public void installScripts() throws IOException {
        home = folder.newFolder("a home").toPath().toRealPath();
        Files.createDirectories(home.resolve("bin"));
        for (String name : List.of("qrm", "qrm-plugin", "qrm-configurator")) {
            executable(home.resolve("bin").resolve(name), Files.readString(BIN.resolve(name)));
        }
        Files.createDirectories(home.resolve("jdk/bin"));
        executable(
                home.resolve("jdk/bin/java"),
                "#!/bin/sh\nfor word; do echo \"<$word>\"; done\necho \"user=${QRM_USER:-} password=${QRM_PASSWORD:-}\"\n"
                        + "for word; do case $word in -XX:SharedArchiveFile=*.new) echo \"$*\" >\"${word#*=}\" ;; esac; done\n");
    }

    @Test
    public void qrmHandsEveryWordOnAsItIs() throws Exception {
        String said = run("qrm", "ve", "show", "a b", "$(id)", "*");
        assertTrue(said, said.contains("<-Dqrm.home=" + home + ">"));
        assertTrue(said, said.contains("<org.qrm.cli.Qrm>\n<ve>\n<show>\n<a b>\n<$(id)>\n<*>\n"));
    }

    @Test
    public void qrmWorksThroughALink() throws Exception {
        Files.createSymbolicLink(home.resolve("link"), home.resolve("bin/qrm"));
        String said = started(home.resolve("link").toString(), "server", "show");
        assertTrue(said, said.contains("<" + home + "/lib/cli/org.qrm.cli.jar>"));
    }

    @Test
    public void qrmPluginKeepsThePasswordOffTheCommandLine() throws Exception {
        String said = run("qrm-plugin", "-u", "joe", "-p", "s3cret word", "xen", "run_once");
        assertTrue(said, said.contains("<plugin>\n<run-once>\n<--wait>\n<-->\n<xen>\n"));
        assertTrue(said, said.contains("user=joe password=s3cret word"));
        assertFalse(said, said.contains("<s3cret"));
    }

    @Test
    public void qrmPluginListsAllOrShowsOne() throws Exception {
        assertTrue(run("qrm-plugin", "list").contains("<plugin>\n<list>\n"));
        assertTrue(run("qrm-plugin", "xen", "list").contains("<plugin>\n<show>\n<-->\n<xen>\n"));
    }

    @Test
    public void qrmPluginRefusesWhatItDoesNotKnow() throws Exception {
        for (String[] words : new String[][] {{}, {"xen"}, {"xen", "explode"}, {"xen", "install", "more"}, {"-x"}}) {
            List<String> command =
                    new ArrayList<>(List.of(home.resolve("bin/qrm-plugin").toString()));
            command.addAll(List.of(words));
            String said = started(command.toArray(String[]::new));
            assertEquals(said, 2, status);
        }
    }

    @Test
    public void qrmConfiguratorTakesUserAndPassword() throws Exception {
        String said = run("qrm-configurator", "-u", "joe", "-p", "s3cret");
        assertTrue(said, said.contains("<configurator>\nuser=joe password=s3cret\n"));
    }

    @Test
    public void qrmConfiguratorWorksThroughTheLinkInTheUnpackedFolder() throws Exception {
        Files.createSymbolicLink(home.resolve("qrm-configurator"), Path.of("bin/qrm-configurator"));
        String said = started(home.resolve("qrm-configurator").toString(), "-u", "joe", "-p", "a b");
        assertTrue(said, said.contains("<configurator>\nuser=joe password=a b\n"));
    }

    @Test
    public void qrmSaysWhatIsMissingWhenThereIsNoJava() throws Exception {
        Files.delete(home.resolve("jdk/bin/java"));
        String said = run("qrm", "server", "show");
        assertEquals(1, status);
        assertTrue(said, said.contains("install Java 17"));
    }

    @Test
    public void qrmKeepsItsClassesForTheNextTime() throws Exception {
        Path cache = folder.newFolder().toPath();
        environment.put("XDG_CACHE_HOME", cache.toString());
        whatClassesAreMadeOf();
        assertFalse(run("qrm", "server", "show").contains("SharedArchiveFile"));
        Path classes = awaited(cache.resolve("qrm"));
        String made = Files.readString(classes);
        assertTrue(made, made.startsWith("-Xshare:dump ") && made.contains(home + "/lib/cli/classes.lst"));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.resolve("qrm"))));
        String said = run("qrm", "server", "show");
        assertTrue(said, said.contains("<-XX:SharedArchiveFile=" + classes + ">\n"));

        Files.writeString(home.resolve("lib/cli/org.qrm.cli.jar"), "another build");
        assertFalse(run("qrm", "server", "show").contains("SharedArchiveFile"));
    }

    /** The files of all archives have the same time, and may well have the same size. */
    @Test
    public void qrmTakesNoClassesOfAnotherBuild() throws Exception {
        Path cache = folder.newFolder().toPath();
        environment.put("XDG_CACHE_HOME", cache.toString());
        whatClassesAreMadeOf();
        Path build = Files.writeString(home.resolve("lib/build"), "one");
        run("qrm", "server", "show");
        awaited(cache.resolve("qrm"));
        assertTrue(run("qrm", "server", "show").contains("SharedArchiveFile"));
        Files.writeString(build, "another");
        assertFalse(run("qrm", "server", "show").contains("SharedArchiveFile"));
    }

    @Test
    public void qrmDoesWithoutAPlaceForItsClasses() throws Exception {
        whatClassesAreMadeOf();
        for (String nowhere : List.of("/proc/nowhere", "a/relative/one", "//")) {
            environment.put("XDG_CACHE_HOME", nowhere);
            String said = run("qrm", "server", "show");
            assertEquals(said, 0, status);
            assertTrue(said, said.startsWith("<-XX:+UseSerialGC>") && !said.contains("SharedArchiveFile"));
        }
    }

    private void whatClassesAreMadeOf() throws IOException {
        for (String file : List.of("lib/cli/org.qrm.cli.jar", "lib/cli/classes.lst", "jdk/lib/server/libjvm.so")) {
            Files.createDirectories(home.resolve(file).getParent());
            Files.writeString(home.resolve(file), file);
        }
    }

    private static Path awaited(Path directory) throws Exception {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < limit) {
            try (Stream<Path> files = Files.exists(directory) ? Files.list(directory) : Stream.empty()) {
                Path found = files.filter(file -> file.toString().endsWith(".jsa"))
                        .findFirst()
                        .orElse(null);
                if (found != null) {
                    return found;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("no classes are kept in " + directory);
    }

    private String run(String name, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin").resolve(name).toString()));
        command.addAll(List.of(arguments));
        return started(command.toArray(String[]::new));
    }

    private String started(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("QRM_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        status = process.waitFor();
        return said;
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
