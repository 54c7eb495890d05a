package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Test;

/** Dependencies point one way: plug-ins → api ← core, faces → commands → api; nobody sees into another bundle. */
public class DependencyRuleIT {

    private static final String API = "org.qrm.api";

    /** What can be asked of the server, and who may see it: the faces that are made from it. */
    private static final String COMMANDS = "org.qrm.commands";

    private static final Set<String> FACES = Set.of("org.qrm.rest", "org.qrm.shell");

    private final Map<String, Manifest> bundles = new TreeMap<>();

    @Before
    public void readTheBundlesOfTheDistribution() throws IOException, InterruptedException {
        try (Stream<Path> files = Files.walk(
                UnpackedDistribution.home().resolve("system").resolve("org").resolve("qrm"))) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    Manifest manifest = file.getManifest();
                    bundles.put(symbolicName(manifest), manifest);
                }
            }
        }
        assertTrue("bundles found: " + bundles.keySet(), bundles.containsKey(API));
        assertTrue("bundles found: " + bundles.keySet(), bundles.containsKey("org.qrm.core"));
    }

    @Test
    public void onlyTheApiIsImportedAndByFacesTheCommands() {
        List<String> violations = new ArrayList<>();
        bundles.forEach((name, manifest) -> packages(manifest, "Import-Package").stream()
                .filter(imported -> imported.startsWith("org.qrm."))
                .filter(imported -> !isApi(imported) && !isOwn(imported, name))
                .filter(imported -> !(FACES.contains(name) && isOwn(imported, COMMANDS)))
                .forEach(imported -> violations.add(name + " imports " + imported)));
        assertEquals(List.of(), violations);
    }

    @Test
    public void onlyTheApiAndTheCommandsAreExported() {
        List<String> violations = new ArrayList<>();
        bundles.forEach((name, manifest) -> packages(manifest, "Export-Package").stream()
                .filter(exported -> exported.startsWith("org.qrm.") && !isApi(exported))
                .filter(exported -> !(name.equals(COMMANDS) && isOwn(exported, COMMANDS)))
                .forEach(exported -> violations.add(name + " exports " + exported)));
        assertEquals(List.of(), violations);
    }

    @Test
    public void theApiNeedsNothingThirdParty() {
        assertEquals(
                List.of(),
                packages(bundles.get(API), "Import-Package").stream()
                        .filter(imported -> !isApi(imported) && !isOfJava(imported))
                        .toList());
    }

    @Test
    public void noBundleIsBoundToAnother() {
        bundles.forEach((name, manifest) -> {
            assertEquals(name, null, manifest.getMainAttributes().getValue("Require-Bundle"));
            assertEquals(name, null, manifest.getMainAttributes().getValue("Fragment-Host"));
        });
    }

    private static boolean isApi(String name) {
        return name.equals(API) || name.startsWith(API + ".");
    }

    /** Whether the JDK has the package: what runs the tests has no other modules. */
    private static boolean isOfJava(String name) {
        return ModuleLayer.boot().modules().stream().anyMatch(module -> module.isExported(name));
    }

    private static boolean isOwn(String name, String bundle) {
        return name.equals(bundle) || name.startsWith(bundle + ".");
    }

    private static String symbolicName(Manifest manifest) {
        return manifest.getMainAttributes().getValue("Bundle-SymbolicName").split(";")[0];
    }

    /** The package names of a header: what stands before the first {@code ;} of each clause. */
    private static List<String> packages(Manifest manifest, String header) {
        String value = manifest.getMainAttributes().getValue(header);
        if (value == null) {
            return List.of();
        }
        // commas within quotes belong to version ranges
        return Stream.of(value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"))
                .map(clause -> clause.split(";")[0].trim())
                .toList();
    }
}
