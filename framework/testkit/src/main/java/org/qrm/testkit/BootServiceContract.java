package org.qrm.testkit;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.Test;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.boot.BootService;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;

/**
 * What the server and its machines rely on of a {@link BootService}. A plug-in's test extends it, and says by its abstract methods
 * which machines are to have the package.
 */
public abstract class BootServiceContract extends Contract {

    private static final int MOST_BYTES = 64 * 1024 * 1024;
    private static final Pattern VERB = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final int EXECUTABLE = 0100;

    /** The service; another one each time, as after a restart of the server. */
    protected abstract BootService service();

    /** A machine and an environment that get the package. */
    protected abstract Assignment concerned();

    /** Machines and environments that do not get it; none if all do. */
    protected abstract List<Assignment> unconcerned();

    private boolean applies(Assignment assignment) throws Exception {
        return timed("appliesTo()", AT_ONCE, () -> service().appliesTo(assignment));
    }

    private static byte[] read(BootService service) throws IOException {
        try (InputStream in = service.open()) {
            assertNotNull("open() is null", in);
            return in.readNBytes(MOST_BYTES + 1);
        }
    }

    private byte[] content() throws Exception {
        return timed("open()", patience(), () -> read(service()));
    }

    private List<Tar.Entry> entries() throws Exception {
        try {
            return Tar.entries(content());
        } catch (IOException broken) {
            throw new AssertionError("the package is no tar.gz: " + broken.getMessage(), broken);
        }
    }

    @Test
    public void saysWhoseItIs() throws Exception {
        String plugin = timed("plugin()", AT_ONCE, () -> service().plugin());
        assertTrue("plugin() is " + plugin, plugin != null && plugin.matches("[a-z][a-z0-9-]{0,31}"));
        assertEquals("plugin() the second time", plugin, service().plugin());
    }

    @Test
    public void appliesToItsMachinesAndToNoOthers() throws Exception {
        assertTrue("it does not apply to its machine", applies(concerned()));
        assertTrue("it does not apply to its machine the second time", applies(concerned()));
        for (Assignment other : unconcerned()) {
            assertFalse("it applies to " + other.environment(), applies(other));
        }
    }

    /** It is asked for each machine that boots an image: who throws there keeps others' machines from starting. */
    @Test
    public void answersForEveryMachine() throws Exception {
        applies(new Assignment(
                Machine.like(concerned().resource()).neverSeen().resource(),
                concerned().environment()));
        applies(Environment.named("web1").on(Machine.node(13).resource()));
        applies(Environment.named("web1")
                .onPartitionsOf("another")
                .on(Machine.partition(14, 13, "another").resource()));
        applies(Environment.named("web1")
                .partitioning("another")
                .in(EnvironmentMode.MULTI)
                .on(concerned().resource()));
    }

    /** Machines compare it with the digest that they were told. */
    @Test
    public void isTheSameEachTime() throws Exception {
        BootService one = service();
        byte[] first = read(one);
        assertArrayEquals("the package the second time", first, read(one));
        Call again = work -> assertArrayEquals("the package for several machines at once", first, read(one));
        together("open()", again, again, again);
    }

    @Test
    public void isNotTooLarge() throws Exception {
        int size = content().length;
        assertTrue("the package is empty", size > 0);
        assertTrue("the package has more than 64 MiB", size <= MOST_BYTES);
    }

    @Test
    public void staysInItsFolder() throws Exception {
        for (Tar.Entry entry : entries()) {
            assertFalse("it leaves its folder: " + entry, leaves(entry.name()));
            if (entry.type() == '1') {
                assertFalse("it links to what is outside: " + entry, leaves(entry.target()));
            }
        }
    }

    private static boolean leaves(String path) {
        return path.startsWith("/") || List.of(path.split("/")).contains("..");
    }

    @Test
    public void startAndVerbsCanBeRun() throws Exception {
        for (Tar.Entry entry : entries()) {
            String name = entry.name().replaceFirst("^(\\./)+", "");
            boolean verb = name.matches("verbs/[^/]+");
            if (verb) {
                assertTrue(
                        "no verb can have that name: " + name,
                        VERB.matcher(name.substring("verbs/".length())).matches());
            }
            if (entry.isFile() && (verb || name.equals("start"))) {
                assertTrue("it is not executable: " + name, (entry.mode() & EXECUTABLE) != 0);
            }
        }
    }

    @Test
    public void bearsConstantsOfALaterRelease() throws Throwable {
        inALaterRelease("bearsConstantsOfALaterRelease", () -> {
            applies(new Assignment(
                    Machine.like(concerned().resource())
                            .in(GrownApi.unknown(ResourceState.class))
                            .ofKind(GrownApi.unknown(ResourceKind.class))
                            .resource(),
                    concerned().environment()));
            applies(Environment.named("web1")
                    .in(GrownApi.unknown(EnvironmentMode.class))
                    .on(concerned().resource()));
        });
    }
}
