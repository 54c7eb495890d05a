package org.qrm.commands;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;

public class ShortListTest {

    enum Colour {
        RED,
        BLUE
    }

    enum Field implements ListField {
        ID,
        NAME,
        COLOUR,
        CPUS;

        @Override
        public Use use() {
            return this == COLOUR ? Use.both(Colour.class, "only of this colour") : Use.sorts();
        }
    }

    record Item(long id, String name, Colour colour, int cpus) {}

    private final List<Item> items = List.of(
            new Item(10, "b", Colour.RED, 9), new Item(9, "a", Colour.BLUE, 10), new Item(8, "c/d", Colour.RED, 9));

    @Test
    public void sortsByEachFieldPageByPage() {
        assertEquals(List.of(8L, 9L, 10L), inPages(Sort.by(Field.ID)));
        assertEquals(List.of(10L, 9L, 8L), inPages(Sort.from(Field.ID)));
        assertEquals(List.of(9L, 10L, 8L), inPages(Sort.by(Field.NAME)));
        assertEquals("by their names, as in the database", List.of(9L, 8L, 10L), inPages(Sort.by(Field.COLOUR)));
        assertEquals(List.of(9L, 10L, 8L), inPages(Sort.from(Field.CPUS)));
    }

    @Test
    public void goesOnBehindALastItemThatIsGone() {
        ShortList<Item, Field> before = new ShortList<>(Field.ID, items);
        String next = before.page(Filter.all(), Sort.by(Field.NAME), new PageRequest(1, null))
                .next();
        ShortList<Item, Field> after = new ShortList<>(Field.ID, List.of(items.get(0), items.get(2)));
        assertEquals(
                List.of(items.get(0), items.get(2)),
                after.page(Filter.all(), Sort.by(Field.NAME), new PageRequest(5, next))
                        .items());
    }

    @Test
    public void letsThroughWhatIsEqual() {
        Page<Item> found = new ShortList<>(Field.ID, items)
                .page(Filter.by(Field.COLOUR, Colour.RED), Sort.by(Field.ID), new PageRequest(5, null));
        assertEquals(List.of(items.get(2), items.get(0)), found.items());
    }

    @Test
    public void refusesACursorOfAnotherOrder() {
        ShortList<Item, Field> list = new ShortList<>(Field.ID, items);
        for (String wrong : List.of("x", "a", "")) {
            assertThrows(
                    wrong,
                    QrmException.class,
                    () -> list.page(Filter.all(), Sort.by(Field.ID), new PageRequest(1, wrong)));
            assertThrows(
                    wrong,
                    QrmException.class,
                    () -> list.page(Filter.all(), Sort.by(Field.CPUS), new PageRequest(1, wrong)));
        }
    }

    private List<Long> inPages(Sort<Field> sort) {
        List<Long> found = new ArrayList<>();
        String after = null;
        do {
            Page<Item> page = new ShortList<>(Field.ID, items).page(Filter.all(), sort, new PageRequest(1, after));
            page.items().forEach(item -> found.add(item.id()));
            after = page.next();
        } while (after != null);
        return found;
    }
}
