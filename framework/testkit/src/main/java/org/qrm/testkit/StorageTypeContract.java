package org.qrm.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageAbility;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;

/**
 * What the server relies on of a {@link StorageType}. A plug-in's test extends it, and says by its abstract methods which storage
 * server there is and how one looks at it without the plug-in.
 */
public abstract class StorageTypeContract extends FarContract {

    private static final StorageClient WRITER = new StorageClient("10.77.0.101", true);
    private static final StorageClient READER = new StorageClient("10.77.0.102", false);

    /** The storage type; another one each time, as after a restart of the server. */
    protected abstract StorageType type();

    /** A storage server that answers, and is empty. */
    protected abstract StorageServer server();

    /** Whether there is anything where the image is to be, seen at the storage server itself. */
    protected abstract boolean exists(FilesystemImage image) throws Exception;

    /** Which machines may mount the image, seen at the storage server itself, in any order. */
    protected abstract List<StorageClient> access(FilesystemImage image) throws Exception;

    /** What an image can be made of in this test. */
    protected List<ImageSource> sources() {
        return List.of(new ImageSource.Empty());
    }

    /** An image of that name: below the export root. */
    protected FilesystemImage image(String name) {
        return image(name, server().exportRoot() + "/" + name);
    }

    /** An image of that name and path. */
    protected final FilesystemImage image(String name, String path) {
        return new FilesystemImage(name, server().name(), path, FilesystemImage.State.CREATING, "", 0, null, "");
    }

    private void create(FilesystemImage image, ImageSource source) throws Exception {
        call("create() of " + source, work -> type().create(server(), image, source, work));
        assertTrue("create() has returned, and there is no image", exists(image));
    }

    private FilesystemImage created(String name) throws Exception {
        FilesystemImage image = image(name);
        create(image, new ImageSource.Empty());
        return image;
    }

    private void open(FilesystemImage image, StorageClient... clients) throws Exception {
        call("setAccess()", work -> type().setAccess(server(), image, List.of(clients), work));
        assertOpen(image, clients);
    }

    private void assertOpen(FilesystemImage image, StorageClient... clients) throws Exception {
        List<StorageClient> found = access(image);
        assertEquals("who may mount " + image.name(), Set.of(clients), Set.copyOf(found));
        assertEquals("twice among those who may mount it", clients.length, found.size());
    }

    private void remove(FilesystemImage image) throws Exception {
        call("remove()", work -> type().remove(server(), image, work));
        assertGone(image);
    }

    private void assertGone(FilesystemImage image) throws Exception {
        assertFalse("remove() has returned, and there is something", exists(image));
        assertOpen(image);
    }

    /**
     * Puts a text into the image in place of the last one, as a machine would that writes there, or whoever is at the storage server.
     *
     * @return whether that is possible here
     */
    protected boolean write(FilesystemImage image, String text) throws Exception {
        return false;
    }

    /** The text that is in the image now, read as it was written. */
    protected String read(FilesystemImage image) throws Exception {
        throw new UnsupportedOperationException("override it together with write()");
    }

    private boolean takesSnapshots() {
        return type().abilities().contains(StorageAbility.SNAPSHOTS);
    }

    private void assumeSnapshots(FilesystemImage image) throws Exception {
        assume("it takes snapshots", this::takesSnapshots);
        assume("something is written into an image", () -> write(image, "nothing"));
    }

    private void take(FilesystemImage image, String snapshot) throws Exception {
        call("createSnapshot()", work -> type().createSnapshot(server(), image, snapshot, work));
    }

    private void restore(FilesystemImage image, String snapshot) throws Exception {
        call("restoreSnapshot()", work -> type().restoreSnapshot(server(), image, snapshot, work));
    }

    private void removeSnapshot(FilesystemImage image, String snapshot) throws Exception {
        call("removeSnapshot()", work -> type().removeSnapshot(server(), image, snapshot, work));
    }

    private <T> T asked(String what, Asking<T> question) throws Exception {
        List<T> answer = new ArrayList<>();
        call(what, work -> answer.add(question.ask(work)));
        assertNotNull(what + " is null", answer.get(0));
        return answer.get(0);
    }

    private interface Asking<T> {
        T ask(TestWork work);
    }

    private List<String> listed() throws Exception {
        return asked("list()", work -> type().list(server(), work));
    }

    @Test
    public void hasAProperName() throws Exception {
        String name = timed("name()", AT_ONCE, () -> type().name());
        assertTrue("name() is " + name, name != null && name.matches("[A-Za-z][A-Za-z0-9-]{0,31}"));
        assertEquals("it has another name the second time", name, type().name());
    }

    @Test
    public void tellsWhatTheServerIs() throws Exception {
        StorageFacts facts = asked("probe()", work -> type().probe(server(), work));
        assertTrue(
                "implementation: " + facts,
                facts.implementation() != null && !facts.implementation().isBlank());
        assertTrue("free bytes: " + facts, facts.freeBytes() >= 0);
    }

    @Test
    public void makesAnImageAndMayBeAskedAgain() throws Exception {
        int number = 0;
        for (ImageSource source : sources()) {
            FilesystemImage image = image("image" + ++number);
            create(image, source);
            create(image, source);
            assertTrue("list() lacks " + image.path(), listed().contains(image.path()));
            assertTrue("size()", asked("size()", work -> type().size(server(), image, work)) >= 0);
            assertOpen(image);
        }
    }

    @Test
    public void listsEachImageOnceAndNothingElse() throws Exception {
        created("web1");
        created("web10");
        List<String> paths = listed();
        assertEquals("twice in list(): " + paths, Set.copyOf(paths).size(), paths.size());
        for (String path : paths) {
            assertTrue("list() leaves the export root: " + path, path.startsWith(server().exportRoot() + "/"));
        }
        assertEquals("list()", Set.of(image("web1").path(), image("web10").path()), Set.copyOf(paths));
    }

    @Test
    public void removesAnImageAndMayBeAskedAgain() throws Exception {
        FilesystemImage image = created("web1");
        remove(image);
        remove(image);
        remove(image("never"));
        assertEquals("list()", List.of(), listed());
    }

    @Test
    public void closesWhatItRemoves() throws Exception {
        FilesystemImage image = created("web1");
        open(image, WRITER);
        remove(image);
    }

    @Test
    public void opensAnImageToExactlyTheMachinesThatItIsTold() throws Exception {
        FilesystemImage image = created("web1");
        open(image, WRITER, READER);
        open(image, WRITER, READER);
        open(image, READER);
        open(image, new StorageClient(READER.address(), true));
        open(image);
        open(image);
    }

    /** Names of which one begins like the other have been taken for each other before. */
    @Test
    public void leavesOtherImagesAlone() throws Exception {
        FilesystemImage other = created("web10");
        open(other, WRITER);
        FilesystemImage image = created("web1");
        open(image, READER);
        assertOpen(other, WRITER);
        open(image);
        assertOpen(other, WRITER);
        remove(image);
        assertTrue("the other image is gone", exists(other));
        assertOpen(other, WRITER);
    }

    @Test
    public void touchesNothingOutsideTheExportRoot() throws Exception {
        String root = server().exportRoot();
        FilesystemImage inside = created("web1");
        for (String path : List.of(root, "/", root + "/../" + "elsewhere", root + "-other/web1", "relative", "")) {
            FilesystemImage outside = image("outside", path);
            refused("create() at " + path, work -> type().create(server(), outside, new ImageSource.Empty(), work));
            refused("setAccess() at " + path, work -> type().setAccess(server(), outside, List.of(WRITER), work));
            refused("remove() at " + path, work -> type().remove(server(), outside, work));
            assertTrue("an image is gone", exists(inside));
        }
    }

    @Test
    public void tellsWhatItCanDo() throws Exception {
        Set<StorageAbility> abilities = timed("abilities()", AT_ONCE, () -> type().abilities());
        assertNotNull("abilities() is null", abilities);
        assertEquals("it can do other things the second time", abilities, type().abilities());
    }

    @Test
    public void refusesSnapshotsThatItDoesNotTake() throws Exception {
        if (takesSnapshots()) {
            return;
        }
        FilesystemImage image = created("web1");
        refused("createSnapshot()", work -> type().createSnapshot(server(), image, "a", work), Problem.Kind.REFUSED);
        refused("restoreSnapshot()", work -> type().restoreSnapshot(server(), image, "a", work), Problem.Kind.REFUSED);
        refused("removeSnapshot()", work -> type().removeSnapshot(server(), image, "a", work), Problem.Kind.REFUSED);
    }

    @Test
    public void givesAnImageTheContentOfASnapshotAgainAsOftenAsItIsAsked() throws Exception {
        FilesystemImage image = created("web1");
        assumeSnapshots(image);
        write(image, "first");
        take(image, "a");
        for (String text : List.of("second", "third")) {
            write(image, text);
            restore(image, "a");
            assertEquals("what is in the image that was restored", "first", read(image));
        }
        take(image, "b");
        write(image, "fourth");
        restore(image, "b");
        assertEquals("what is in the image that was restored", "first", read(image));
    }

    @Test
    public void takesASnapshotAnewWhoseTakingWasCutOff() throws Exception {
        FilesystemImage image = created("web1");
        assumeSnapshots(image);
        write(image, "first");
        take(image, "a");
        write(image, "second");
        take(image, "a");
        write(image, "third");
        restore(image, "a");
        assertEquals("what is in the image: the snapshot is that of the last time", "second", read(image));
    }

    @Test
    public void removesASnapshotAndMayBeAskedAgain() throws Exception {
        FilesystemImage image = created("web1");
        FilesystemImage other = created("web10");
        assumeSnapshots(image);
        write(image, "first");
        write(other, "other");
        for (FilesystemImage each : List.of(image, other)) {
            take(each, "a");
        }
        removeSnapshot(image, "a");
        removeSnapshot(image, "a");
        removeSnapshot(image, "never");
        refused(
                "restoreSnapshot() of one that was removed",
                work -> type().restoreSnapshot(server(), image, "a", work),
                Problem.Kind.NOT_FOUND);
        assertEquals("what is in the image", "first", read(image));
        write(other, "changed");
        restore(other, "a");
        assertEquals("what is in the other image, which had a snapshot of that name", "other", read(other));
        remove(image);
        removeSnapshot(other, "a");
        remove(other);
    }

    @Test
    public void restoresNothingThatMachinesMayMount() throws Exception {
        FilesystemImage image = created("web1");
        assumeSnapshots(image);
        write(image, "first");
        take(image, "a");
        write(image, "second");
        open(image, WRITER);
        refused(
                "restoreSnapshot() while a machine may mount it",
                work -> type().restoreSnapshot(server(), image, "a", work),
                Problem.Kind.CONFLICT);
        assertEquals("what is in the image", "second", read(image));
        assertOpen(image, WRITER);
    }

    @Test
    public void goesOnWithSnapshotsAfterACrash() throws Exception {
        FilesystemImage image = created("web1");
        assumeSnapshots(image);
        repeatedAfterEachCrash(
                "createSnapshot()",
                () -> write(image, "first"),
                work -> type().createSnapshot(server(), image, "a", work),
                () -> {
                    write(image, "second");
                    restore(image, "a");
                    assertEquals("what is in the image that was restored", "first", read(image));
                });
        repeatedAfterEachCrash(
                "restoreSnapshot()",
                () -> write(image, "second"),
                work -> type().restoreSnapshot(server(), image, "a", work),
                () -> assertEquals("what is in the image that was restored", "first", read(image)));
        repeatedAfterEachCrash(
                "removeSnapshot()",
                () -> take(image, "a"),
                work -> type().removeSnapshot(server(), image, "a", work),
                () -> refused(
                        "restoreSnapshot() of one that was removed",
                        work -> type().restoreSnapshot(server(), image, "a", work),
                        Problem.Kind.NOT_FOUND));
    }

    @Test
    public void saysOfSnapshotsThatTheServerDoesNotAnswer() throws Exception {
        FilesystemImage image = created("web1");
        assume("it takes snapshots", this::takesSnapshots);
        assumeDisconnected();
        refused("createSnapshot() with nobody there", work -> type().createSnapshot(server(), image, "a", work), AWAY);
        refused(
                "restoreSnapshot() with nobody there",
                work -> type().restoreSnapshot(server(), image, "a", work),
                AWAY);
        refused("removeSnapshot() with nobody there", work -> type().removeSnapshot(server(), image, "a", work), AWAY);
    }

    @Test
    public void goesOnAfterACrash() throws Exception {
        FilesystemImage image = image("web1");
        repeatedAfterEachCrash(
                "create()", () -> {}, work -> type().create(server(), image, new ImageSource.Empty(), work), () -> {
                    assertTrue("create() has returned, and there is no image", exists(image));
                    remove(image);
                });
        repeatedAfterEachCrash(
                "setAccess()",
                () -> {
                    create(image, new ImageSource.Empty());
                    open(image, WRITER);
                },
                work -> type().setAccess(server(), image, List.of(READER), work),
                () -> assertOpen(image, READER));
        repeatedAfterEachCrash(
                "remove()",
                () -> {
                    create(image, new ImageSource.Empty());
                    open(image, WRITER);
                },
                work -> type().remove(server(), image, work),
                () -> assertGone(image));
    }

    @Test
    public void removesWhatACancelledCreationLeft() throws Exception {
        FilesystemImage image = image("web1");
        TestWork work = work().cancelledAt(1);
        try {
            timed("create(), cancelled", patience(), () -> {
                type().create(server(), image, new ImageSource.Empty(), work);
                return null;
            });
        } catch (CancelledException | QrmException ended) {
            // or it was done: both are right
        }
        remove(image);
        assertEquals("list()", List.of(), listed());
    }

    @Test
    public void mountIsAPureFunction() throws Exception {
        FilesystemImage image = image("web1");
        Mount mount = mount(image, true);
        disconnect();
        assertEquals("mount() the second time, with nobody there", mount, mount(image, true));
        assertEquals("type of the mount", type().name(), mount.type());
        assertNotEquals("a mount that writes and one that does not", mount, mount(image, false));
        assertNotEquals(
                "mounts of two images",
                mount.source(),
                mount(image("web10"), true).source());
        for (String text : new String[] {mount.source(), mount.options()}) {
            assertTrue(
                    "it is no word that machines are told: " + mount,
                    text != null && text.chars().allMatch(each -> each > ' ' && each < 0x7f));
        }
        assertFalse("source of the mount", mount.source().isEmpty());
    }

    private Mount mount(FilesystemImage image, boolean writable) throws Exception {
        Mount mount = timed("mount()", AT_ONCE, () -> type().mount(server(), image, writable));
        assertNotNull("mount() is null", mount);
        return mount;
    }

    @Test
    public void saysThatTheServerDoesNotAnswer() throws Exception {
        FilesystemImage image = created("web1");
        assumeDisconnected();
        refused("probe() with nobody there", work -> type().probe(server(), work), AWAY);
        refused("list() with nobody there", work -> type().list(server(), work), AWAY);
        refused("size() with nobody there", work -> type().size(server(), image, work), AWAY);
        refused(
                "create() with nobody there",
                work -> type().create(server(), image("web2"), new ImageSource.Empty(), work),
                AWAY);
        refused(
                "setAccess() with nobody there",
                work -> type().setAccess(server(), image, List.of(WRITER), work),
                AWAY);
        refused("closing with nobody there", work -> type().setAccess(server(), image, List.of(), work), AWAY);
        refused("remove() with nobody there", work -> type().remove(server(), image, work), AWAY);
    }

    @Test
    public void endsAtItsDeadline() throws Exception {
        assumeStuck();
        endsAtItsDeadline("create()", work -> type().create(server(), image("web1"), new ImageSource.Empty(), work));
    }

    @Test
    public void endsWhenItIsCancelled() throws Exception {
        assumeStuck();
        endsWhenItIsCancelled(
                "create()", work -> type().create(server(), image("web1"), new ImageSource.Empty(), work));
    }

    @Test
    public void canBeCalledByManyThreads() throws Exception {
        FilesystemImage first = image("web1");
        FilesystemImage second = image("web2");
        StorageType one = type();
        together(
                "two images at once",
                work -> one.create(server(), first, new ImageSource.Empty(), work),
                work -> one.create(server(), second, new ImageSource.Empty(), work));
        assertTrue("both are there", exists(first) && exists(second));
        together(
                "two images at once",
                work -> one.setAccess(server(), first, List.of(WRITER), work),
                work -> one.setAccess(server(), second, List.of(READER), work));
        assertOpen(first, WRITER);
        assertOpen(second, READER);
    }

    @Test
    public void refusesSourcesOfALaterRelease() throws Throwable {
        inALaterRelease("refusesSourcesOfALaterRelease", () -> {
            FilesystemImage image = image("web1");
            ImageSource later = GrownApi.unknownCase(ImageSource.class);
            refused("create() of a source that it does not know", work -> type().create(server(), image, later, work));
            assertFalse("it was refused, and something is there", exists(image));
        });
    }

    @Test
    public void bearsConstantsOfALaterRelease() throws Throwable {
        inALaterRelease("bearsConstantsOfALaterRelease", () -> {
            FilesystemImage usual = image("web1");
            FilesystemImage later = new FilesystemImage(
                    usual.name(),
                    usual.storageServer(),
                    usual.path(),
                    GrownApi.unknown(FilesystemImage.State.class),
                    "",
                    0,
                    null,
                    "");
            create(later, new ImageSource.Empty());
            open(later, WRITER);
            assertEquals(
                    "mount() of an image in a state that it does not know", mount(usual, true), mount(later, true));
            remove(later);
        });
    }

    /** Storage works by programs, one after the other. */
    @Override
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }
}
