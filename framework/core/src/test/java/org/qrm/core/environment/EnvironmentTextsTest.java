package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.core.CoreFixture;

/** What people write of an environment is refused when they write it, not when a machine boots. */
public class EnvironmentTextsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
    }

    @After
    public void close() {
        core.close();
    }

    @Test
    public void keepsKernelArgumentsAsTheyWereGiven() {
        List<String> given = List.of("memmap=4G$0x100000000", "dyndbg=\"file x +p\"", "u=http://a/?b=c&d=e");
        assertEquals(given, create(given, "").kernelArguments());
    }

    @Test
    public void refusesKernelArgumentsThatNoBootLoaderCanBeGiven() {
        for (String argument :
                List.of("---", "-", "initrd=other.img", "BOOT_IMAGE=x", "qrm.token=x", "a b", "a'b", "ä", "")) {
            refuses(List.of(argument), "");
        }
        refuses(List.of("x".repeat(500), "y".repeat(500)), "");
    }

    @Test
    public void refusesDescriptionsThatReadAsOthers() {
        for (String description : List.of("a\u202eb", "a\u200bb", "a\u2028b", "a\u001b[2J", "x".repeat(1001))) {
            refuses(List.of(), description);
        }
        assertEquals("Büro, 日本\nשלום", create(List.of(), "Büro, 日本\nשלום").description());
    }

    private EnvironmentSpec create(List<String> arguments, String description) {
        core.environments.create(spec(arguments, description));
        return core.environments.find("other").orElseThrow().spec();
    }

    private void refuses(List<String> arguments, String description) {
        QrmException refused =
                assertThrows(QrmException.class, () -> core.environments.create(spec(arguments, description)));
        assertEquals(Problem.Kind.INVALID, refused.problem().kind());
        assertTrue(core.environments.find("other").isEmpty());
    }

    private static EnvironmentSpec spec(List<String> arguments, String description) {
        return new EnvironmentSpec(
                "other",
                "default",
                "web",
                EnvironmentMode.MULTI,
                null,
                EnvironmentSpec.ON_NODE,
                Requirements.NONE,
                arguments,
                description);
    }
}
