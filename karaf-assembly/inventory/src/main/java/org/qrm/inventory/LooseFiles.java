package org.qrm.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files of the archive that are no jars: somebody has said whose each is. */
final class LooseFiles {

    /** Ours and Karaf's, which are under the Apache License 2.0, and what other classes here look at. */
    private static final Pattern KNOWN = Pattern.compile(
            String.join(
                    "|",
                    "LICENSE|NOTICE|CHANGELOG\\.md|qrm-configurator|(sbom|vex)\\.cdx\\.json|licenses/.*",
                    "bin/[a-z.-]+",
                    "etc/.*\\.(cfg|xml|properties|policy|script|service|info)|etc/qrm-release",
                    "lib/(build|cli/classes\\.lst|[a-z0-9]+/README)|system/README",
                    "docs/(api/.*|[^/]+\\.(md|json)|images/[^/]+\\.png)",
                    "share/(man/man[18]/qrm.*|bash-completion/completions/qrm.*|zsh/site-functions/_qrm.*|monitoring/[a-z]+\\.(yml|json))",
                    // of Debian's packages
                    "boot/(manifest|debian/.*|idle/(vmlinuz|initrd\\.img)|tftp/((ldlinux|libcom32|mboot)\\.c32|lpxelinux\\.0|grubnet\\.efi|secure/((shim|grub)x64\\.efi|grub\\.cfg)))"));

    private final Path archive;
    private final Tables tables;

    LooseFiles(Path archive, Tables tables) {
        this.archive = archive;
        this.tables = tables;
    }

    void refuseStrangers() throws IOException {
        try (Stream<Path> files = Files.walk(archive)) {
            files.filter(Files::isRegularFile)
                    .map(file -> archive.relativize(file).toString())
                    .filter(name ->
                            !name.endsWith(".jar") && !KNOWN.matcher(name).matches())
                    .sorted()
                    .forEach(this::refuseStranger);
        }
    }

    /** In the folders of Maven artifacts it is the artifact's. */
    private void refuseStranger(String name) {
        List<String> path = List.of(name.split("/"));
        int last = path.size() - 1;
        if (last < 4 || !path.get(0).matches("system|maven")) {
            throw new IllegalStateException("nobody has said whose " + name + " is, and under which licence: say it in"
                    + " LooseFiles of karaf-assembly/inventory");
        }
        tables.license(String.join(".", path.subList(1, last - 2)), path.get(last - 2));
    }
}
