package org.qrm.rest.internal.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.Expected;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.PluginFile;
import org.qrm.api.plugin.PluginFileState;
import org.qrm.api.plugin.PluginFiles;

/** Takes any jar but one whose content is "bad"; one that is called xen.jar brings the plug-in "xen", which is in use. */
public final class FakePluginFiles implements PluginFiles {

    /** What was sent, by name. */
    public final Map<String, byte[]> contents = new TreeMap<>();

    @Override
    public List<PluginFile> list() {
        List<PluginFile> files = new ArrayList<>();
        contents.keySet().forEach(name -> files.add(describe(name)));
        return files;
    }

    @Override
    public Optional<PluginFile> find(String name) {
        return contents.containsKey(name) ? Optional.of(describe(name)) : Optional.empty();
    }

    private PluginFile describe(String name) {
        return new PluginFile(
                name,
                contents.get(name).length,
                "0".repeat(64),
                "org.example." + name,
                "1.0.0",
                PluginFileState.ACTIVE,
                "",
                name.equals("xen.jar") ? List.of("xen") : List.of());
    }

    @Override
    public PluginFile add(String name, InputStream content, String sha256, Expected<PluginFile> expected) {
        if (!name.matches("[a-z]+\\.jar")) {
            throw QrmException.invalid("add plug-in file", "", "that is no name", "Take another.");
        }
        if (sha256 != null && !sha256.equals("0".repeat(64))) {
            throw QrmException.invalid("add plug-in file", name, "it is another", "Get it anew.");
        }
        byte[] bytes = read(content);
        if (new String(bytes, StandardCharsets.UTF_8).equals("bad")) {
            throw QrmException.refused("add plug-in file", name, "missing requirement no.such", "Taken out again.");
        }
        expected.check(find(name).orElse(null));
        contents.put(name, bytes);
        return describe(name);
    }

    private static byte[] read(InputStream content) {
        try {
            return content.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void remove(String name, Expected<PluginFile> expected) {
        PluginFile file =
                find(name).orElseThrow(() -> QrmException.notFound("remove plug-in file", "plug-in file", name));
        if (!file.plugins().isEmpty()) {
            throw QrmException.conflict(
                    "remove plug-in file", name, "its plug-in xen is active", "Uninstall it first.");
        }
        expected.check(file);
        contents.remove(name);
    }
}
