package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.event.EventField;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceField;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.event.EventLogService;

public class TagsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aMachineIsTaggedAndFoundByIt() throws Exception {
        try (CoreFixture core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK)) {
            long one = known(core, 1);
            long two = known(core, 2);
            tag(core, one, "rack=7", "gpu", "a_b=c", "rack=8");
            tag(core, two, "rack=80", "axb=c");
            tag(core, one, "gpu");
            assertEquals(
                    "a_b=c gpu rack=8",
                    Tag.line(core.resources.find(one).orElseThrow().tags()));
            assertEquals(List.of(one, two), found(core, "rack"));
            assertEquals(List.of(one), found(core, "rack=8"));
            assertEquals(List.of(one), found(core, "a_b"));
            assertEquals(List.of(), found(core, "rac"));
            assertEquals(List.of(), found(core, "ack"));
            assertThrows(QrmException.class, () -> found(core, "a b"));

            core.resources.untag(one, "rack", Expected.any());
            assertEquals(List.of(two), found(core, "rack"));
            QrmException gone =
                    assertThrows(QrmException.class, () -> core.resources.untag(one, "rack", Expected.any()));
            assertEquals(Problem.Kind.NOT_FOUND, gone.problem().kind());
            assertEquals(
                    "what changed nothing is no event",
                    6 + 1,
                    new EventLogService(core.database)
                            .list(Filter.by(EventField.TYPE, "resource.tagged"), PageRequest.FIRST)
                            .items()
                            .size());
        }
    }

    @Test
    public void oneTooManyIsRefusedAndNothingChanges() throws Exception {
        try (CoreFixture core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK)) {
            long id = known(core, 1);
            for (int i = 0; i < Tag.MOST; i++) {
                tag(core, id, "n" + "n".repeat(60) + i + "=" + "v".repeat(63));
            }
            assertThrows(QrmException.class, () -> tag(core, id, "more"));
            tag(core, id, "n" + "n".repeat(60) + "0=w");
            assertEquals(Tag.MOST, core.resources.find(id).orElseThrow().tags().size());
        }
    }

    private static long known(CoreFixture core, int number) throws Exception {
        return core.nodes()
                .register(new TestMachine(core::nodes, number, 2, 1024).registration())
                .resource();
    }

    private static void tag(CoreFixture core, long id, String... tags) {
        for (String tag : tags) {
            core.resources.tag(id, Tag.parse("tag", tag), Expected.any());
        }
    }

    private static List<Long> found(CoreFixture core, String tag) {
        return core.resources.list(Filter.by(ResourceField.TAG, tag), PageRequest.FIRST).items().stream()
                .map(Resource::id)
                .toList();
    }
}
