package org.qrm.shell.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Expected;
import org.qrm.api.plugin.PluginFile;
import org.qrm.api.plugin.PluginFileState;
import org.qrm.api.plugin.PluginFiles;

public class PluginFileCommandsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ToldAudit audit = new ToldAudit();
    private final List<String> told = new ArrayList<>();
    private final PluginFiles files = new Told();

    @Test
    public void sendsTheFileUnderItsOwnNameOrAnother() throws Exception {
        Path jar = Files.writeString(folder.newFile("power.jar").toPath(), "content");
        for (String as : new String[] {null, "other.jar"}) {
            PluginFileAdd command = new PluginFileAdd();
            command.auditLog = audit;
            command.files = files;
            command.file = jar.toString();
            command.as = as;
            AsUser.execute(command, "admin");
        }
        assertEquals(List.of("power.jar content", "other.jar content"), told);
        assertEquals("ann|console|qrm:plugin-add-file|" + jar + "|ok", audit.told.get(0));
    }

    private final class Told implements PluginFiles {

        @Override
        public List<PluginFile> list() {
            return List.of();
        }

        @Override
        public Optional<PluginFile> find(String name) {
            return Optional.empty();
        }

        @Override
        public PluginFile add(String name, InputStream content, String sha256, Expected<PluginFile> expected) {
            try {
                told.add(name + " " + new String(content.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return new PluginFile(name, 7, "", "a", "1", PluginFileState.ACTIVE, "", List.of("power"));
        }

        @Override
        public void remove(String name, Expected<PluginFile> expected) {
            told.add("removed " + name);
        }
    }
}
