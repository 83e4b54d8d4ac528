/**
 * Functions of pg_catalog by what calling them can do. Read from pg_proc of 14 to 18 (provolatile, the worst overload of the
 * worst version); the test compares the list with the servers. A function that is not in here is one nobody knows.
 */

/** Immutable or stable: as the default of a new column they are evaluated once, and they change nothing. */
const steady = new Set(
  (
    'inet_client_addr inet_client_port inet_server_addr inet_server_port pg_current_snapshot pg_current_xact_id ' +
    'pg_current_xact_id_if_assigned pg_trigger_depth pg_has_role pg_get_userbyid has_any_column_privilege ' +
    'has_column_privilege has_database_privilege has_function_privilege has_schema_privilege has_sequence_privilege ' +
    'has_type_privilege ' +
    'array_append array_cat array_prepend starts_with jsonb_concat jsonb_contains abbrev abs acos acosd acosh age any_value area array_agg array_dims array_fill array_length array_lower ' +
    'array_ndims array_position array_positions array_remove array_replace array_reverse array_sort array_to_json ' +
    'array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh avg bit ' +
    'bit_and bit_count bit_length bit_or bit_xor bool bool_and bool_or box bpchar btrim bytea cardinality ' +
    'casefold cbrt ceil ceiling center char char_length character_length chr cidr circle coalesce col_description ' +
    'concat concat_ws convert convert_from convert_to corr cos cosd cosh cot cotd count covar_pop covar_samp ' +
    'crc32 crc32c cume_dist current_database current_schema current_schemas current_setting current_user date ' +
    'date_add date_bin date_part date_subtract date_trunc datemultirange daterange daterange_canonical ' +
    'daterange_subdiff decode degrees dense_rank diagonal diameter div encode enum_first enum_last enum_range every exp extract factorial family ' +
    'first_value float8 floor format format_type gamma gcd generate_series generate_subscripts get_bit get_byte ' +
    'get_current_ts_config getdatabaseencoding getpgusername has_table_privilege height host hostmask ' +
    'icu_unicode_version initcap int2 int4 int4multirange int4range int4range_canonical int4range_subdiff int8 ' +
    'int8multirange int8range int8range_canonical int8range_subdiff interval is_normalized isclosed isempty ' +
    'isfinite ishorizontal isopen isparallel isperp isvertical json_agg json_agg_strict json_array_elements ' +
    'json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text ' +
    'json_object json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict ' +
    'json_object_keys json_populate_record json_populate_recordset json_strip_nulls json_to_record ' +
    'json_to_recordset json_to_tsvector json_typeof jsonb_agg jsonb_agg_strict jsonb_array_elements ' +
    'jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text ' +
    'jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique ' +
    'jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz jsonb_path_match ' +
    'jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first ' +
    'jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_record_valid ' +
    'jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record ' +
    'jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lag last_value ' +
    'lcm lead left length lgamma like line ln log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr ' +
    'macaddr8 make_date make_interval make_time make_timestamp make_timestamptz masklen max md5 min min_scale mod ' +
    'mode money multirange mxid_age name netmask network normalize now npoints nth_value ntile num_nonnulls ' +
    'num_nulls numeric nummultirange numnode numrange numrange_subdiff obj_description octet_length oid overlaps ' +
    'overlay parse_ident path percent_rank percentile_cont percentile_disc pg_backend_pid pg_column_size ' +
    'pg_get_constraintdef pg_get_expr pg_get_serial_sequence pg_get_viewdef pg_size_pretty ' +
    'pg_table_is_visible pg_typeof phraseto_tsquery pi plainto_tsquery point polygon ' +
    'position pow power querytree quote_ident quote_literal quote_nullable radians radius range_agg ' +
    'range_intersect_agg range_merge rank regclass regexp_count regexp_instr regexp_like regexp_match ' +
    'regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_avgx regr_avgy ' +
    'regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round ' +
    'row_number row_security_active row_to_json rpad rtrim scale session_user set_bit set_byte set_masklen ' +
    'setweight sha224 sha256 sha384 sha512 shobj_description sign similar_escape similar_to_escape sin sind sinh ' +
    'slope split_part sqrt statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array ' +
    'string_to_table strip strpos substr substring sum system_user tan tand tanh text time timestamp timestamptz ' +
    'timetz timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass ' +
    'to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype ' +
    'to_regtypemod to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale ' +
    'trunc ts_delete ts_filter ts_headline ts_lexize ts_rank ts_rank_cd tsmultirange tsquery_phrase tsrange ' +
    'tsrange_subdiff tstzmultirange tstzrange tstzrange_subdiff tsvector_to_array txid_current ' +
    'txid_current_if_assigned txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin ' +
    'txid_visible_in_snapshot unicode_assigned unicode_version unistr unnest upper upper_inc upper_inf ' +
    'uuid_extract_timestamp uuid_extract_version var_pop var_samp varbit varchar variance version ' +
    'websearch_to_tsquery width width_bucket xid xml xml_is_well_formed xml_is_well_formed_content ' +
    'xml_is_well_formed_document xmlagg xmlcomment xmlexists xmltext xmlvalidate xpath'
  ).split(' '),
)

/** Volatile, and without any effect on a relation except for the sequences that nextval and setval name. */
const restless = new Set(
  (
    'array_sample array_shuffle clock_timestamp current_query currval gen_random_uuid lastval nextval pg_notify pg_sleep random random_normal ' +
    'set_config setseed setval timeofday uuidv4 uuidv7 pg_advisory_lock pg_advisory_xact_lock pg_advisory_unlock ' +
    'pg_try_advisory_lock pg_try_advisory_xact_lock pg_relation_size pg_total_relation_size ' +
    'suppress_redundant_updates_trigger tsvector_update_trigger tsvector_update_trigger_column'
  ).split(' '),
)

/** The functions of contrib modules that people use in defaults; volatility from their install scripts. */
const steadyOfExtensions = new Set(
  'akeys avals crypt digest hmac hstore similarity unaccent uuid_nil uuid_ns_dns uuid_ns_url uuid_generate_v3 uuid_generate_v5'.split(
    ' ',
  ),
)
const restlessOfExtensions = new Set(
  'gen_random_bytes gen_salt moddatetime uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4'.split(' '),
)

export type KnownVolatility = 'steady' | 'volatile'

export function builtinVolatility(name: string): KnownVolatility | undefined {
  if (steady.has(name)) return 'steady'
  return restless.has(name) ? 'volatile' : undefined
}

export function extensionVolatility(name: string): KnownVolatility | undefined {
  if (steadyOfExtensions.has(name)) return 'steady'
  return restlessOfExtensions.has(name) ? 'volatile' : undefined
}
