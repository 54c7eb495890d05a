package org.qrm.cli.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What bash and zsh make of the tabulator key. */
public class CompletionTest {

    private static final Path BESIDE = Path.of("src/main/distribution/share");
    private static final Path OF_THE_SERVER = Path.of("../../karaf-assembly/distribution/src/main/resources/share");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void make() throws IOException {
        MadeAtBuild.write(folder.getRoot().toPath(), "1", "2026-01-31");
    }

    @Test
    public void bashCompletesNounsVerbsOptionsAndValues() throws Exception {
        assertEquals("virtual-environment", bash("qrm", "vir"));
        assertEquals("list load local-boot", bash("qrm", "resource", "l"));
        assertEquals("power power-cycle power-off power-on", bash("qrm", "--user", "ve", "resource", "power"));
        assertEquals("power power-cycle power-off power-on", bash("qrm", "--user", "=", "ve", "resource", "power"));
        assertEquals("--wait", bash("qrm", "ve", "start", "--wa"));
        assertEquals("--wait", bash("qrm", "virtual-environment", "start", "web1", "--wa"));
        assertEquals("csv json name table wide yaml", bash("qrm", "-o", ""));
        assertEquals("json", bash("qrm", "server", "show", "--output", "=", "j"));
        assertEquals("", bash("qrm", "--user", "re"));
        assertEquals("", bash("qrm", "resource", "show", ""));
    }

    @Test
    public void bashCompletesFilesWhereTheyBelong() throws Exception {
        Files.writeString(folder.newFile("power-1.0.jar").toPath(), "");
        assertEquals("power-1.0.jar", bash("qrm", "plugin", "add-file", "pow"));
        assertEquals("power-1.0.jar", bash("qrm", "--cacert", "pow"));
    }

    @Test
    public void bashCompletesTheRelatives() throws Exception {
        assertEquals("uninstall", bash("qrm-plugin", "-u", "list", "xen", "un"));
        assertEquals("-h -p -u", bash("qrm-configurator", "-"));
        assertEquals("start status stop", bash("qrm-server", "st"));
        Outcome how = run("source '" + OF_THE_SERVER.toAbsolutePath().normalize()
                + "/bash-completion/completions/qrm-server'; complete -p qrm-server");
        assertTrue("and files", how.output.contains(" -o default "));
    }

    /** All that the archive brings; others come and go while a shell runs. */
    @Test
    public void bothKnowThePluginsOfTheArchive() throws Exception {
        String plugins;
        try (Stream<Path> modules = Files.list(Path.of("../../plugins"))) {
            plugins = modules.filter(module -> Files.exists(module.resolve("pom.xml")))
                    .map(module -> module.getFileName().toString())
                    // what those for single machines share, and what begins one
                    .filter(name -> !Set.of("device", "archetype").contains(name))
                    .sorted()
                    .collect(Collectors.joining(" "));
        }
        assertEquals("list", bash("qrm-plugin", "l"));
        assertEquals(
                Stream.concat(Stream.of("list"), Stream.of(plugins.split(" ")))
                        .sorted()
                        .toList(),
                List.of(bash("qrm-plugin", "").split(" ")));
        String zsh = Files.readString(BESIDE.resolve("zsh/site-functions/_qrm-plugin"));
        assertTrue(zsh, zsh.contains("(list " + plugins + ")"));
    }

    @Test
    public void zshCompletesNounsVerbsOptionsAndValues() throws Exception {
        assumeTrue("zsh is not installed", run("command -v zsh").status == 0);
        Files.createFile(folder.getRoot().toPath().resolve("site.qrm"));
        String typed = zsh(
                "qrm vir\t pla\t",
                "qrm resource l\t\t",
                "qrm ve start --wa\t",
                "qrm -o j\t",
                "qrm-plugin xen un\t",
                "qrm-server resta\t",
                "qrm-server verify sit\t",
                "qrm-server restore --rep\t sit\t");
        assertTrue(typed, typed.contains("<qrm virtual-environment placement >"));
        assertTrue(typed, typed.contains("Lists machines."));
        assertTrue(typed, typed.contains("<qrm ve start --wait >"));
        assertTrue(typed, typed.contains("<qrm -o json >"));
        assertTrue(typed, typed.contains("<qrm-plugin xen uninstall >"));
        assertTrue(typed, typed.contains("<qrm-server restart >"));
        assertTrue(typed, typed.contains("<qrm-server verify site.qrm >"));
        assertTrue(typed, typed.contains("<qrm-server restore --replace site.qrm >"));
    }

    /** What is offered for the last of these words, in the order of the alphabet. */
    private String bash(String... words) throws Exception {
        Path scripts = words[0].equals("qrm") ? folder.getRoot().toPath().resolve("share") : where(words[0]);
        StringBuilder script = new StringBuilder(
                "source '" + scripts.toAbsolutePath().normalize() + "/bash-completion/completions/" + words[0] + "'\n");
        script.append("COMP_WORDS=(");
        for (String word : words) {
            script.append(" '").append(word).append('\'');
        }
        script.append(")\nCOMP_CWORD=").append(words.length - 1).append('\n');
        script.append("how=$(complete -p ").append(words[0]).append(")\n");
        script.append("case $how in\n");
        script.append("*' -F '*) how=${how##* -F }; ${how% *}; offered=(\"${COMPREPLY[@]}\") ;;\n");
        script.append("*) how=${how#*\\'}; offered=($(compgen -W \"${how%\\'*}\" -- '")
                .append(words[words.length - 1])
                .append("')) ;;\nesac\n");
        script.append("printf '%s\\n' \"${offered[@]}\" | sort | paste -sd ' '\n");
        Outcome outcome = run(script.toString());
        assertEquals(outcome.output, 0, outcome.status);
        return outcome.output.strip();
    }

    /** What stands on the line after these keys, in brackets, with whatever was shown between. */
    private String zsh(String... lines) throws Exception {
        StringBuilder settings = new StringBuilder("stty cols 300; PS1=; fpath=(");
        for (Path scripts : List.of(folder.getRoot().toPath().resolve("share"), BESIDE, OF_THE_SERVER)) {
            settings.append(scripts.toAbsolutePath().normalize()).append("/zsh/site-functions ");
        }
        settings.append("$fpath); autoload -Uz compinit; compinit -u -D\n");
        // a key of its own shows what stands on the line, and empties it
        settings.append("shown() { zle -I; print -r -- \"<$BUFFER>\"; BUFFER=; }; zle -N shown; bindkey '^X' shown\n");
        Path settingsFile = folder.newFile().toPath();
        Files.writeString(settingsFile, settings);
        StringBuilder script = new StringBuilder("zmodload zsh/zpty\nzpty z zsh -f -i\n");
        script.append("zpty -w z \"source '").append(settingsFile).append("'; print set''tled\"\n");
        script.append("zpty -r -m z shown '*settled*'\n");
        script.append("ask() { zpty -w -n z \"$1\"; zpty -r -m z shown '*<*>*'; print -r -- \"$shown\"; }\n");
        for (String line : lines) {
            script.append("ask $'").append(line.replace("\t", "\\t")).append("\\x18'\n");
        }
        script.append("zpty -d z\n");
        Path file = folder.newFile().toPath();
        Files.writeString(file, script);
        Outcome outcome = run("zsh -f '" + file + "'");
        assertEquals(outcome.output, 0, outcome.status);
        return outcome.output;
    }

    private static Path where(String program) {
        return program.equals("qrm-server") ? OF_THE_SERVER : BESIDE;
    }

    private record Outcome(int status, String output) {}

    private Outcome run(String script) throws Exception {
        Path output = folder.newFile().toPath();
        Process process = new ProcessBuilder("timeout", "-k", "5", "60", "bash", "-c", script)
                .directory(folder.getRoot())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue("it ends", process.waitFor(90, TimeUnit.SECONDS));
        return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
