package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import org.junit.Test;
import org.qrm.core.store.Json;

public class IdentityTest {

    private static final String DEFAULT = "default";
    private static final Identity DELL = new Identity("4c4c", "SN-1", List.of("02:00:00:00:00:01"), DEFAULT);
    private static final Identity BLANK = new Identity("", "", List.of("02:00:00:00:00:01"), DEFAULT);

    private record Case(Identity was, Identity is, List<String> changes) {}

    @Test
    public void tellsWhatIsNotAsItWas() {
        List<Case> cases = List.of(
                new Case(DELL, DELL, List.of()),
                new Case(BLANK, BLANK, List.of()),
                new Case(BLANK, DELL, List.of()),
                new Case(DELL, uuid("4c4d"), List.of("UUID was 4c4c, is 4c4d")),
                new Case(DELL, serial("SN-2"), List.of("serial number was SN-1, is SN-2")),
                new Case(DELL, BLANK, List.of("UUID was 4c4c, is missing", "serial number was SN-1, is missing")),
                new Case(
                        DELL,
                        cards(DEFAULT, "02:00:00:00:00:02"),
                        List.of("02:00:00:00:00:02 is a new card", "02:00:00:00:00:01 is gone")),
                new Case(DELL, cards("Xen_kernel_1_0", "02:00:00:00:00:02"), List.of()),
                new Case(DELL, new Identity("", "", List.of(), "Xen_kernel_1_0"), List.of()),
                new Case(
                        DELL,
                        new Identity("4c4d", "", List.of(), "Xen_kernel_1_0"),
                        List.of("UUID was 4c4c, is 4c4d")));
        cases.forEach(each -> assertEquals(each.toString(), each.changes, each.was.changes(each.is)));
    }

    @Test
    public void learnsWhatWasBlankAndForgetsNothing() {
        assertEquals(DELL, BLANK.completed(DELL));
        assertEquals(DELL, DELL.completed(BLANK));
        assertEquals(DELL, DELL.completed(new Identity("", "", List.of(), "Xen_kernel_1_0")));
        assertEquals(DELL, new Identity("4c4c", "", List.of(), "Xen_kernel_1_0").completed(DELL));
    }

    @Test
    public void whatABootImageHasToldOnceItTellsAgain() {
        Identity xen = new Identity("4c4c", "SN-1", List.of(), "Xen_kernel_1_0");
        Identity mute = new Identity("", "", List.of(), "Xen_kernel_1_0");
        Identity known = DELL.completed(xen);
        assertEquals(List.of(), DELL.changes(mute));
        assertEquals(
                List.of("UUID was 4c4c, is missing", "serial number was SN-1, is missing"),
                known.completed(xen).changes(mute));
        assertEquals(List.of(), known.changes(new Identity("", "", List.of(), "another")));
        Identity half = new Identity("4c4c", "", List.of(), "Xen_kernel_1_0");
        assertEquals("it does not tell all", List.of(), half.completed(DELL).changes(half));
        assertEquals(
                List.of("UUID was 4c4c, is missing", "serial number was SN-1, is missing"),
                xen.completed(DELL).changes(mute));
        assertEquals(known, Json.read(Json.write(known), new TypeReference<Identity>() {}));
        assertEquals(
                DELL, Json.read(Json.write(DELL).replace(",\"telling\":[]", ""), new TypeReference<Identity>() {}));
    }

    private static Identity uuid(String uuid) {
        return new Identity(uuid, DELL.serial(), DELL.cards(), DEFAULT);
    }

    private static Identity serial(String serial) {
        return new Identity(DELL.uuid(), serial, DELL.cards(), DEFAULT);
    }

    private static Identity cards(String image, String... cards) {
        return new Identity(DELL.uuid(), DELL.serial(), List.of(cards), image);
    }
}
