-- the address to which the image is closed for certain: that machine writes it no more, but whoever gets its address would let it

alter table possible_writer add column closed_address varchar(45);
