"""Pure numerical code: arrays in, frozen results out; knows no Django and nothing of ours."""
